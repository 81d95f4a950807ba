/** Who is here, in the bar: a few faces to follow, and the way to everybody. */
import { html, nothing, type TemplateResult } from "lit";
import usersIcon from "lucide-static/icons/users.svg?raw";
import { icon } from "../../elements/icon";
import type { Person } from "../../protocol/people";
import { follow } from "../../session/presence";
import { doingWords } from "../../state/people";
import { dispatch, following, people, you } from "../../state/store";
import { plural } from "../../words";
import { faceStyle, initials } from "./face";

const FACES_SHOWN = 4;

export function faces(): TemplateResult | typeof nothing {
  const mine = you.value?.id;
  const all = [...people.value].sort((a, b) => Number(b.id === mine) - Number(a.id === mine));
  if (all.length === 0) return nothing;
  const shown = all.length > FACES_SHOWN ? all.slice(0, FACES_SHOWN - 1) : all;
  return html`<ul class="faces" aria-label="Who is here" data-testid="faces">
      ${shown.map((person) => html`<li>${faceButton(person, person.id === mine)}</li>`)}
      ${
        all.length > shown.length
          ? html`<li>
              <button
                type="button"
                class="face more"
                aria-label="All ${all.length} people"
                @click=${openPeople}
              >
                +${all.length - shown.length}
              </button>
            </li>`
          : nothing
      }
    </ul>
    <button
      type="button"
      class="button quiet people-open"
      data-testid="people"
      aria-label="${plural(all.length, "person", "people")} here"
      title="Who is here"
      @click=${openPeople}
    >
      ${icon(usersIcon, "small")}<span class="people-count">${all.length}</span>
    </button>`;
}

function faceButton(person: Person, isYou: boolean): TemplateResult {
  const isFollowed = following.value === person.id;
  const act = isYou ? "" : isFollowed ? "Stop following" : "Follow";
  const words = [person.name + (isYou ? " (you)" : ""), person.role ?? "", doingWords(person)]
    .filter(Boolean)
    .join(", ");
  return html`<button
    type="button"
    class="face ${isFollowed ? "followed" : ""} ${person.place?.hidden ? "away" : ""}"
    style=${faceStyle(person)}
    data-person=${person.name}
    aria-pressed=${isYou ? nothing : isFollowed ? "true" : "false"}
    aria-label="${words}${act ? `. ${act}` : ""}"
    title="${words}${act ? `\n${act}` : ""}"
    @click=${() => (isYou ? openPeople() : follow(isFollowed ? null : person.id))}
  >
    ${initials(person.name)}
  </button>`;
}

function openPeople(): void {
  dispatch({ type: "dialog", dialog: "people" });
}
