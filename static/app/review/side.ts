/** Beside the text: who looks at it, what it touches, its story, what became of it. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "../elements/live";
import { assign, go, remark } from "./acts";
import { getReviewers, type Applied, type Person, type Submission } from "./api";
import { dispatch, peek, state } from "./store";
import { ageWords, sourceWords, story, type Event } from "./story";
import "./writing";

const ITEMS_SHOWN = 12;

export class ReviewSide extends LiveElement {
  private readonly reviewers = signal<readonly Person[]>([]);
  private askedFor = "";

  protected override render(): TemplateResult {
    const { one, version } = state.value;
    if (!one) return html``;
    this.loadReviewers(one);
    return html`<aside class="side" aria-label="About this submission">
      ${one.result ? resultTemplate(one.result) : nothing} ${this.assignee(one)}
      <section class="side-part">
        <h2>What it touches</h2>
        <ul class="side-items">
          ${(version?.items ?? []).slice(0, ITEMS_SHOWN).map(
            (item) =>
              html`<li>
                <b>${item.act || item.verb}</b> ${item.kind} <code>${item.name}</code>
                ${item.namespace ? html`<span class="muted">in ${item.namespace}</span>` : nothing}
              </li>`,
          )}
          ${
            (version?.items.length ?? 0) > ITEMS_SHOWN
              ? html`<li class="muted">and ${(version?.items.length ?? 0) - ITEMS_SHOWN} more</li>`
              : nothing
          }
        </ul>
      </section>
      <section class="side-part">
        <h2>Story</h2>
        <ol class="story" data-testid="story">
          ${story(one).map((event) => eventTemplate(event, one))}
        </ol>
        ${
          one.may.includes("comment")
            ? html`<py-writing
                label="Comment on the whole"
                .send=${(text: string) => remark(text, 0)}
              ></py-writing>`
            : nothing
        }
      </section>
    </aside>`;
  }

  private loadReviewers(one: Submission): void {
    if (!one.may.includes("assign") || this.askedFor === one.session.id) return;
    this.askedFor = one.session.id;
    void getReviewers(one.session.id).then(
      ({ reviewers }) => (this.reviewers.value = reviewers),
      () => (this.reviewers.value = []),
    );
  }

  private assignee(one: Submission): TemplateResult {
    const me = peek().me;
    if (!one.may.includes("assign")) {
      return html`<section class="side-part">
        <h2>Reviewer</h2>
        <p>${one.assignee ? one.assignee.name : "Nobody."}</p>
      </section>`;
    }
    const people = withMissing(this.reviewers.value, one.assignee, me);
    return html`<section class="side-part">
      <h2 id="side-assignee">Reviewer</h2>
      <div class="side-assign">
        <select
          aria-labelledby="side-assignee"
          data-testid="assignee"
          @change=${(event: Event_) =>
            void assign((event.target as HTMLSelectElement).value || null)}
        >
          <option value="" ?selected=${!one.assignee}>Nobody</option>
          ${people.map(
            (person) =>
              html`<option value=${person.id} ?selected=${one.assignee?.id === person.id}>
                ${person.name}${person.id === me?.id ? " (you)" : ""}
              </option>`,
          )}
        </select>
        ${
          one.assignee?.id === me?.id
            ? nothing
            : html`<button type="button" class="button" @click=${() => void assign("me")}>
                Take<kbd>M</kbd>
              </button>`
        }
      </div>
    </section>`;
  }
}

type Event_ = globalThis.Event;

customElements.define("py-review-side", ReviewSide);

function withMissing(
  known: readonly Person[],
  ...others: readonly (Person | null)[]
): readonly Person[] {
  const found = new Map(known.map((one) => [one.id, one]));
  for (const other of others) if (other && !found.has(other.id)) found.set(other.id, other);
  return [...found.values()];
}

function eventTemplate(event: Event, one: Submission): TemplateResult {
  const note = one.versions.find((each) => `version-${each.version}` === event.key);
  return html`<li class="story-event ${event.tone}">
    <p class="story-head">
      <b>${event.by.name}</b>
      ${
        event.remark?.line
          ? html`<button type="button" class="link" @click=${() => goToLine(event, one)}>
              ${event.words}
            </button>`
          : html`<span>${event.words}</span>`
      }
      ${note ? html`<span class="muted">from ${sourceWords(note.source)}</span>` : nothing}
      <time datetime=${event.at} title=${event.at}>${ageWords(event.at, Date.now())}</time>
    </p>
    ${event.text ? html`<p class="story-text">${event.text}</p>` : nothing}
  </li>`;
}

function goToLine(event: Event, one: Submission): void {
  const { remark: said } = event;
  if (!said?.line) return;
  const version = said.version === one.version ? 0 : said.version;
  go({ page: "one", id: one.id, tab: "text", version }, true);
  dispatch({ type: "line", line: said.line });
  requestAnimationFrame(() =>
    document.querySelector(`[data-line="${said.line}"]`)?.scrollIntoView({ block: "center" }),
  );
}

function resultTemplate(result: readonly Applied[]): TemplateResult {
  return html`<section class="side-part" data-testid="result">
    <h2>What became of it</h2>
    <ul class="side-items">
      ${result.map(
        (one) =>
          html`<li class="side-result ${one.outcome}">
            ${one.kind} <code>${one.name}</code> <b>${one.outcome}</b>
            ${one.message ? html`<span class="effect-why">${one.message}</span>` : nothing}
          </li>`,
      )}
    </ul>
  </section>`;
}
