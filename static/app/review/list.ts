/** The list: filters, a line per submission, and what can be done to several at once. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import search from "lucide-static/icons/search.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { plural } from "../words";
import { ask, assign, go, loadMore } from "./acts";
import type { Act, SubmissionState, Summary } from "./api";
import { findingBadges, pill } from "./pieces";
import { addressOf, type ListRoute, type Stage, type Whose } from "./route";
import { actable, isUnread, type State } from "./state";
import { dispatch, peek, state } from "./store";
import { ageWords, SOURCES, sourceWords } from "./story";

const STAGES: readonly [stage: Stage, words: string, states: readonly SubmissionState[]][] = [
  ["open", "Open", ["open"]],
  ["changes", "Sent back", ["changes-requested"]],
  ["decided", "Decided", ["approved", "applied", "failed", "rejected", "withdrawn"]],
  ["all", "All", []],
];

const WHOSE: readonly [whose: Whose, words: string][] = [
  ["all", "Everybody's"],
  ["mine", "Mine to review"],
  ["nobody", "Nobody's yet"],
  ["submitted", "Submitted by me"],
];

const SEARCH_DELAY_MS = 250;

export class SubmissionList extends LiveElement {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shownCursor = "";

  protected override render(): TemplateResult {
    const shown = state.value;
    if (shown.route.page !== "list") return html``;
    return html`<section class="submissions" aria-label="Submissions">
      ${this.filters(shown, shown.route)} ${bulkBar(shown)}
      ${
        shown.submissions.length
          ? html`<ul class="submission-list" data-testid="submissions">
              ${repeat(
                shown.submissions,
                (one) => one.id,
                (one) => row(one, shown),
              )}
            </ul>`
          : html`<p class="desk-note">${shown.isListed ? emptyWords(shown.route) : "Asking."}</p>`
      }
      ${
        shown.next
          ? html`<button type="button" class="button more" @click=${() => void loadMore()}>
              Older ones
            </button>`
          : nothing
      }
    </section>`;
  }

  protected override updated(): void {
    const { cursor } = peek();
    if (cursor === this.shownCursor) return;
    this.shownCursor = cursor;
    this.querySelector(".submission.at")?.scrollIntoView({ block: "nearest" });
  }

  private filters(shown: State, route: ListRoute): TemplateResult {
    return html`<div class="desk-filters">
      <div class="segment" role="group" aria-label="Which">
        ${STAGES.map(
          ([stage, words, states]) =>
            html`<button
              type="button"
              class="segment-item"
              aria-pressed=${route.stage === stage ? "true" : "false"}
              @click=${() => go({ ...route, stage }, true)}
            >
              ${words}${countTemplate(shown, states)}
            </button>`,
        )}
      </div>
      <label class="desk-select">
        <span class="hidden-text">Whose</span>
        <select
          .value=${route.whose}
          @change=${(event: Event) =>
            go({ ...route, whose: (event.target as HTMLSelectElement).value as Whose }, true)}
        >
          ${WHOSE.map(
            ([whose, words]) =>
              html`<option value=${whose} ?selected=${route.whose === whose}>${words}</option>`,
          )}
        </select>
      </label>
      <label class="desk-select">
        <span class="hidden-text">Where from</span>
        <select
          .value=${route.source}
          @change=${(event: Event) =>
            go({ ...route, source: (event.target as HTMLSelectElement).value }, true)}
        >
          <option value="" ?selected=${!route.source}>From anywhere</option>
          ${SOURCES.map(
            (source) =>
              html`<option value=${source} ?selected=${route.source === source}>
                From ${sourceWords(source)}
              </option>`,
          )}
        </select>
      </label>
      ${
        route.session
          ? html`<button
              type="button"
              class="button quiet"
              @click=${() => go({ ...route, session: "" }, true)}
            >
              One session only · show all
            </button>`
          : nothing
      }
      <span class="grow"></span>
      <label class="desk-search">
        ${icon(search, "small")}<span class="hidden-text">Search</span>
        <input
          type="search"
          placeholder="Search  /"
          .value=${route.text}
          @input=${this.searched}
          @keydown=${leaveSearch}
        />
      </label>
    </div>`;
  }

  private readonly searched = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { route } = peek();
      if (route.page === "list") go({ ...route, text: value.trim() }, true);
    }, SEARCH_DELAY_MS);
  };
}

customElements.define("py-submissions", SubmissionList);

function leaveSearch(event: KeyboardEvent): void {
  if (event.key === "Escape" || event.key === "Enter") (event.target as HTMLElement).blur();
}

function countTemplate(
  shown: State,
  states: readonly SubmissionState[],
): TemplateResult | typeof nothing {
  const count = states.reduce((sum, one) => sum + (shown.counts[one] ?? 0), 0);
  return count ? html`<b class="segment-count">${count}</b>` : nothing;
}

function row(one: Summary, shown: State): TemplateResult {
  const isMarked = shown.marked.has(one.id);
  const classes = [
    "submission",
    one.id === shown.cursor ? "at" : "",
    isMarked ? "marked" : "",
    isUnread(shown, one) ? "unread" : "",
  ].join(" ");
  const address = addressOf({ page: "one", id: one.id, tab: "text", version: 0 });
  return html`<li
    class=${classes}
    data-testid="submission"
    data-id=${one.id}
    data-state=${one.state}
    aria-current=${one.id === shown.cursor ? "true" : nothing}
  >
    <label class="submission-mark">
      <span class="hidden-text">Mark ${one.title}</span>
      <input
        type="checkbox"
        .checked=${isMarked}
        @change=${(event: Event) =>
          dispatch({
            type: "mark",
            ids: [one.id],
            isOn: (event.target as HTMLInputElement).checked,
          })}
      />
    </label>
    <a class="submission-link" href=${address} @click=${(event: MouseEvent) => follow(event, one)}>
      <span class="submission-title"
        >${one.title}${
          isUnread(shown, one) ? html`<span class="hidden-text">, unread</span>` : nothing
        }</span
      >
      <span class="submission-from"
        >${one.submitter.name} · ${sourceWords(one.source)} · ${one.session.name}${
          one.version > 1 ? ` · version ${one.version}` : ""
        }</span
      >
    </a>
    <span class="submission-findings">${findingBadges(one.findings)}</span>
    <span class="submission-who">${one.assignee ? one.assignee.name : ""}</span>
    <span class="submission-state">${pill(one.state)}</span>
    <time class="submission-age" datetime=${one.updated_at} title=${one.updated_at}
      >${ageWords(one.updated_at, Date.now())}</time
    >
  </li>`;
}

/** A plain click stays on the page; others open the address as links do. */
function follow(event: MouseEvent, one: Summary): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go({ page: "one", id: one.id, tab: "text", version: 0 });
}

function bulkBar(shown: State): TemplateResult | typeof nothing {
  if (!shown.marked.size) return nothing;
  const button = (act: Act, words: string, classes = "") => {
    const count = actable(shown, act).length;
    return html`<button
      type="button"
      class="button ${classes}"
      ?disabled=${count === 0}
      @click=${() => ask(act)}
    >
      ${words}
    </button>`;
  };
  return html`<div class="desk-bulk" role="group" aria-label="With those that are marked">
    <b>${plural(shown.marked.size, "submission")} marked</b>
    ${button("approve", "Approve", "primary")} ${button("request-changes", "Request changes")}
    ${button("reject", "Reject", "danger")}
    <button type="button" class="button" @click=${() => void assign("me")}>Take</button>
    <span class="grow"></span>
    <button
      type="button"
      class="button quiet"
      @click=${() => dispatch({ type: "mark", ids: [...shown.marked], isOn: false })}
    >
      Unmark
    </button>
  </div>`;
}

function emptyWords(route: ListRoute): string {
  if (route.text) return `Nothing is found for “${route.text}”.`;
  if (route.whose === "submitted") return "You have submitted nothing of that kind.";
  if (route.stage === "open") return "Nothing waits for review.";
  return "There is nothing here.";
}
