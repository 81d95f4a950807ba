/** One submission: what it is, its tabs, the side with its story, and the decision. */
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "../elements/live";
import { ask, go } from "./acts";
import type { Act, Submission } from "./api";
import "./difference";
import "./effect-view";
import { pill } from "./pieces";
import "./rewrite";
import type { OneRoute, Tab } from "./route";
import "./side";
import type { State } from "./state";
import { dispatch, state } from "./store";
import { ageWords, sourceWords } from "./story";
import "./text";

const TABS: readonly [tab: Tab, words: string][] = [
  ["text", "Text"],
  ["difference", "Difference"],
  ["effect", "What it would do"],
];

export class SubmissionPage extends LiveElement {
  protected override render(): TemplateResult {
    const shown = state.value;
    const { one, route } = shown;
    if (!one || route.page !== "one") return html`<p class="desk-note">Asking.</p>`;
    return html`<div class="one" data-testid="review" data-state=${one.state}>
      <div class="one-main">
        ${head(one)} ${shown.isRewriting ? nothing : tabs(one, route)}
        <div class="one-body">${body(shown, route)}</div>
        ${shown.isRewriting ? nothing : decisionBar(one)}
      </div>
      <py-review-side class="one-side"></py-review-side>
    </div>`;
  }
}

customElements.define("py-submission", SubmissionPage);

function head(one: Submission): TemplateResult {
  return html`<div class="one-head">
    <h1 class="one-title">${one.title} <span class="one-number">#${one.number}</span></h1>
    <p class="one-from">
      ${pill(one.state)} <b>${one.submitter.name}</b> from ${sourceWords(one.source)} in
      <a href="/s/${one.session.id}/">${one.session.name}</a>,
      <time datetime=${one.latest.at} title=${one.latest.at}
        >${agoWords(ageWords(one.latest.at, Date.now()))}</time
      >${one.command ? html`<code class="one-command">${one.command}</code>` : nothing}
    </p>
  </div>`;
}

function agoWords(age: string): string {
  return age === "just now" ? age : `${age} ago`;
}

function tabs(one: Submission, route: OneRoute): TemplateResult {
  const chosen = route.version || one.version;
  return html`<div class="one-tabs">
    <div class="tab-list" role="tablist" aria-label="What to look at" @keydown=${tabKey}>
      ${TABS.map(
        ([tab, words]) =>
          html`<button
            type="button"
            class="tab"
            role="tab"
            id="tab-${tab}"
            aria-selected=${route.tab === tab ? "true" : "false"}
            aria-controls="one-panel"
            tabindex=${route.tab === tab ? "0" : "-1"}
            @click=${() => go({ ...route, tab }, true)}
          >
            ${words}
          </button>`,
      )}
    </div>
    <span class="grow"></span>
    ${
      one.versions.length > 1
        ? html`<label class="desk-select">
            <span class="hidden-text">Version</span>
            <select
              @change=${(event: Event) => {
                const version = Number((event.target as HTMLSelectElement).value);
                go({ ...route, version: version === one.version ? 0 : version }, true);
              }}
            >
              ${one.versions.map(
                ({ version }) =>
                  html`<option value=${version} ?selected=${version === chosen}>
                    Version ${version}${version === one.version ? ", the newest" : ""}
                  </option>`,
              )}
            </select>
          </label>`
        : nothing
    }
  </div>`;
}

function tabKey(event: KeyboardEvent): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const all = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>("[role=tab]")];
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const next = all[(at + step + all.length) % all.length];
  next?.click();
  next?.focus();
}

function body(shown: State, route: OneRoute): TemplateResult {
  if (shown.isRewriting) return html`<py-rewrite></py-rewrite>`;
  return html`<div id="one-panel" role="tabpanel" aria-labelledby="tab-${route.tab}">
    ${
      route.tab === "text"
        ? html`<py-review-text></py-review-text>`
        : route.tab === "difference"
          ? html`<py-difference></py-difference>`
          : html`<py-effect></py-effect>`
    }
  </div>`;
}

function decisionBar(one: Submission): TemplateResult | typeof nothing {
  const button = (act: Act, words: string, key: string, classes = "") =>
    one.may.includes(act)
      ? html`<button
          type="button"
          class="button ${classes}"
          data-testid=${act}
          aria-keyshortcuts=${key.toLowerCase()}
          @click=${() => ask(act)}
        >
          ${words}${key ? html`<kbd>${key}</kbd>` : nothing}
        </button>`
      : nothing;
  const mayResubmit = one.may.includes("resubmit");
  const mayDecide = one.may.some((act) => act !== "comment" && act !== "assign");
  if (!mayDecide) return nothing;
  return html`<div class="decision" role="group" aria-label="Decide">
    ${button("approve", one.state === "failed" ? "Approve again" : "Approve", "A", "primary")}
    ${button("request-changes", "Request changes", "R")}
    ${button("reject", "Reject", "D", "danger")}
    ${
      mayResubmit
        ? html`<button
            type="button"
            class="button ${one.state === "changes-requested" ? "primary" : ""}"
            data-testid="resubmit"
            @click=${() => dispatch({ type: "rewrite", isOn: true })}
          >
            Change and resubmit
          </button>`
        : nothing
    }
    <span class="grow"></span>
    ${button("withdraw", "Withdraw", "", "quiet")}
  </div>`;
}
