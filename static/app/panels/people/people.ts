/** Everybody: who is here and what they do, whom to follow, and for owners who may do what. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import ellipsis from "lucide-static/icons/ellipsis.svg?raw";
import shareIcon from "lucide-static/icons/share-2.svg?raw";
import type { Member } from "../../api/sharing";
import { icon } from "../../elements/icon";
import { LiveElement } from "../../elements/live";
import { openMenu, under, type MenuItem } from "../../elements/menu";
import type { Person, Role } from "../../protocol/people";
import { attempt, sharing } from "../../session/context";
import { changeRole, leave, remove, rename } from "../../session/people";
import { follow, inviteAll } from "../../session/presence";
import { doingWords } from "../../state/people";
import { crowd, dialog, dispatch, following, people, session, you } from "../../state/store";
import { face } from "./face";

const ROLES: readonly Role[] = ["viewer", "editor", "teacher"];

interface Asked {
  words: string;
  label: string;
  run: () => void;
}

export class PeoplePanel extends LiveElement {
  private readonly members = signal<readonly Member[]>([]);
  private readonly isNaming = signal(false);
  /** What is done only after it was asked again. */
  private readonly asked = signal<Asked | null>(null);

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch(() => {
      void crowd.value;
      if (dialog.peek() === "people") void this.fetch();
    });
  }

  private async fetch(): Promise<void> {
    const found = await attempt(() => sharing().members());
    if (found) this.members.value = found;
  }

  protected override render(): TemplateResult {
    const mine = you.value?.id;
    const here = [...people.value].sort((a, b) => Number(b.id === mine) - Number(a.id === mine));
    const ids = new Set(here.map((one) => one.id));
    const away = this.members.value.filter((one) => !ids.has(one.id));
    const mayOwn = session.value.share ?? false;
    return html`<div class="people">
      <ul class="people-list" aria-label="Here now">
        ${repeat(
          here,
          (one) => one.id,
          (one) => (one.id === mine ? this.me(one) : this.other(one, true)),
        )}
      </ul>
      ${
        away.length
          ? html`<h3 class="people-head">Not here now</h3>
              <ul class="people-list" aria-label="Not here now">
                ${repeat(
                  away,
                  (one) => one.id,
                  (one) => this.other(one, false),
                )}
              </ul>`
          : nothing
      }
      <div class="people-acts">
        ${
          mayOwn
            ? html`<button
                  type="button"
                  class="button"
                  @click=${() => dispatch({ type: "dialog", dialog: "share" })}
                >
                  ${icon(shareIcon, "small")}Let others in
                </button>
                ${
                  here.length > 1
                    ? html`<button type="button" class="button" @click=${inviteAll}>
                        Ask all to follow me
                      </button>`
                    : nothing
                }`
            : nothing
        }
        <span class="grow"></span>
        ${
          session.value.role === "owner"
            ? nothing
            : html`<button type="button" class="button quiet" @click=${this.askLeave}>
                Leave this session
              </button>`
        }
      </div>
      ${this.asked.value ? this.question(this.asked.value) : nothing}
    </div>`;
  }

  private question({ words, label, run }: Asked): TemplateResult {
    const done = (act?: () => void) => {
      this.asked.value = null;
      act?.();
    };
    return html`<div class="people-question" role="alertdialog" aria-label=${label}>
      <p>${words}</p>
      <div class="share-acts">
        <button type="button" class="button danger" @click=${() => done(run)}>${label}</button>
        <button type="button" class="button" @click=${() => done()}>Cancel</button>
      </div>
    </div>`;
  }

  private readonly askLeave = (): void => {
    this.asked.value = {
      words: "You would need a link to come back, and your kubeconfig stops working.",
      label: "Leave this session",
      run: () => void leave(),
    };
  };

  private me(person: Person): TemplateResult {
    return html`<li class="person">
      ${face(person)}
      <div class="person-words">
        ${
          this.isNaming.value
            ? html`<input
                class="person-name-field"
                aria-label="Your name"
                maxlength="40"
                .value=${person.name}
                @keydown=${(event: KeyboardEvent) => this.nameKey(event)}
                @blur=${(event: FocusEvent) => this.named(event.target as HTMLInputElement)}
              />`
            : html`<span class="person-name">${person.name}</span>`
        }
        <span class="person-note">you, ${person.role}${tabs(person)}</span>
      </div>
      ${
        this.isNaming.value
          ? nothing
          : html`<button type="button" class="button" @click=${() => (this.isNaming.value = true)}>
              Rename
            </button>`
      }
    </li>`;
  }

  private other(person: Person, isHere: boolean): TemplateResult {
    const isFollowed = following.value === person.id;
    const items = this.items(person);
    return html`<li class="person" data-person=${person.name}>
      ${face(person)}
      <div class="person-words">
        <span class="person-name">${person.name}</span>
        <span class="person-note"
          >${[person.role, isHere ? doingWords(person) : ""].filter(Boolean).join(", ")}${tabs(
            person,
          )}${this.followsWords(person)}</span
        >
      </div>
      ${
        isHere
          ? html`<button
              type="button"
              class="button ${isFollowed ? "on" : ""}"
              aria-pressed=${isFollowed ? "true" : "false"}
              aria-label="${isFollowed ? "Stop following" : "Follow"} ${person.name}"
              @click=${() => this.follow(isFollowed ? null : person.id)}
            >
              ${isFollowed ? "Following" : "Follow"}
            </button>`
          : nothing
      }
      ${
        items.length
          ? html`<button
              type="button"
              class="button quiet square"
              aria-haspopup="menu"
              aria-label="What ${person.name} may do"
              @click=${(event: Event) =>
                openMenu(person.name, items, under(event.currentTarget as Element, true))}
            >
              ${icon(ellipsis)}
            </button>`
          : nothing
      }
    </li>`;
  }

  private followsWords(person: Person): string {
    const leader = people.value.find((one) => one.id === person.following);
    if (!leader) return "";
    return `, follows ${leader.id === you.value?.id ? "you" : leader.name}`;
  }

  /** What an owner or a teacher may do with somebody. */
  private items(person: Person): MenuItem[] {
    const { role: mine, share } = session.value;
    const isOwner = mine === "owner";
    if (!share || (!isOwner && (person.role === "owner" || person.role === "teacher"))) return [];
    const roles = ROLES.map((role) => ({
      label: `Make ${role === "editor" ? "an" : "a"} ${role}`,
      isChecked: person.role === role,
      run: () => void this.change(person, role),
    }));
    return [
      ...roles,
      ...(isOwner
        ? [
            {
              label: "Hand the session over",
              isFirst: true,
              run: () =>
                (this.asked.value = {
                  words: `${person.name} will own this session. You go on as an editor.`,
                  label: `Hand over to ${person.name}`,
                  run: () => void this.change(person, "owner"),
                }),
            },
          ]
        : []),
      {
        label: "Send out",
        isFirst: true,
        isDangerous: true,
        run: () =>
          (this.asked.value = {
            words: `${person.name} sees nothing of this session any more, and their kubeconfig stops working. With a link that is still good they can come back.`,
            label: `Send out ${person.name}`,
            run: () => void this.sendOut(person),
          }),
      },
    ];
  }

  private async change(person: Person, role: Role): Promise<void> {
    if (await changeRole(person, role)) await this.fetch();
  }

  private async sendOut(person: Person): Promise<void> {
    if (await remove(person)) await this.fetch();
  }

  private follow(person: string | null): void {
    follow(person);
    if (person) dispatch({ type: "dialog", dialog: null });
  }

  private nameKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.preventDefault();
      this.isNaming.value = false;
    } else if (event.key === "Enter") {
      this.named(event.target as HTMLInputElement);
    }
  }

  private named(field: HTMLInputElement): void {
    if (!this.isNaming.peek()) return;
    this.isNaming.value = false;
    const name = field.value.trim();
    if (name && name !== you.peek()?.name) void rename(name);
  }

  protected override updated(): void {
    const field = this.querySelector<HTMLInputElement>(".person-name-field");
    if (field && field !== document.activeElement) {
      field.focus();
      field.select();
    }
  }
}

customElements.define("py-people", PeoplePanel);

function tabs(person: Person): string {
  return person.tabs && person.tabs > 1 ? `, in ${person.tabs} windows` : "";
}
