/** The record: everything people wrote to clusters, from where, and what came of it. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { RequestError } from "../api/playground";
import { LiveElement } from "../elements/live";
import { yamlParts } from "../panels/inspector/yaml-lines";
import { go } from "./acts";
import { getWrite, listWrites, type Write } from "./api";
import { addressOf, type RecordRoute } from "./route";
import { route } from "./store";
import { ageWords, SOURCES, sourceWords } from "./story";

const REFUSED = 400;

export class WriteRecord extends LiveElement {
  private readonly writes = signal<readonly Write[] | null>(null);
  private readonly next = signal<number | null>(null);
  private readonly problem = signal("");
  private readonly open = signal<Write | null>(null);
  private asked = "";

  protected override render(): TemplateResult {
    const shown = route.value;
    if (shown.page !== "record") return html``;
    const address = addressOf(shown);
    if (address !== this.asked) {
      this.asked = address;
      void this.load(shown);
    }
    const writes = this.writes.value;
    return html`<section class="submissions" aria-labelledby="record-title">
      <div class="desk-filters">
        <h1 class="bar-name" id="record-title">Record of writes</h1>
        ${sources(shown)} ${sessionFilter(shown)}
      </div>
      ${
        this.problem.value
          ? html`<p class="desk-note" role="alert">${this.problem.value}</p>`
          : writes?.length
            ? html`<ul class="submission-list" data-testid="record">
                ${repeat(
                  writes,
                  (one) => one.number,
                  (one) => this.row(one),
                )}
              </ul>`
            : html`<p class="desk-note">${writes ? "Nobody has written anything." : "Asking."}</p>`
      }
      ${
        this.next.value
          ? html`<button type="button" class="button more" @click=${() => void this.load(shown, true)}>
              Older ones
            </button>`
          : nothing
      }
    </section>`;
  }

  private async load(shown: RecordRoute, isMore = false): Promise<void> {
    try {
      const cursor = isMore ? String(this.next.peek() ?? "") : "";
      const { session, source } = shown;
      const page = await listWrites({ session, source, cursor });
      if (addressOf(shown) !== this.asked) return;
      const before = isMore ? (this.writes.peek() ?? []) : [];
      this.writes.value = [...before, ...page.writes];
      this.next.value = page.next;
      this.problem.value = "";
    } catch (problem) {
      this.problem.value = wordsOf(problem);
    }
  }

  private row(one: Write): TemplateResult {
    const open = this.open.value;
    const isOpen = open?.number === one.number;
    return html`<li class="write ${isOpen ? "at" : ""}" data-testid="write">
      <button
        type="button"
        class="write-head"
        aria-expanded=${isOpen ? "true" : "false"}
        @click=${() => void this.toggle(one)}
      >
        <span class="write-what"><b>${one.act}</b> ${one.kind} <code>${one.name}</code></span>
        <span class="write-who"
          >${one.by.name} · ${sourceWords(one.source)}${
            one.namespace ? ` · ${one.namespace}` : ""
          }</span
        >
        ${outcome(one)}
        <time datetime=${one.at} title=${one.at}>${ageWords(one.at, Date.now())}</time>
      </button>
      ${isOpen && open ? details(open) : nothing}
    </li>`;
  }

  private async toggle(one: Write): Promise<void> {
    if (this.open.peek()?.number === one.number) {
      this.open.value = null;
      return;
    }
    this.open.value = one;
    try {
      const found = await getWrite(one.number);
      if (this.open.peek()?.number === one.number) this.open.value = found;
    } catch (problem) {
      this.problem.value = wordsOf(problem);
    }
  }
}

customElements.define("py-record", WriteRecord);

function sources(shown: RecordRoute): TemplateResult {
  return html`<label class="desk-select">
    <span class="hidden-text">Where from</span>
    <select
      @change=${(event: Event) =>
        go({ ...shown, source: (event.target as HTMLSelectElement).value }, true)}
    >
      <option value="" ?selected=${!shown.source}>From anywhere</option>
      ${SOURCES.map(
        (source) =>
          html`<option value=${source} ?selected=${shown.source === source}>
            From ${sourceWords(source)}
          </option>`,
      )}
    </select>
  </label>`;
}

function sessionFilter(shown: RecordRoute): TemplateResult | typeof nothing {
  if (!shown.session) return nothing;
  return html`<button
    type="button"
    class="button quiet"
    @click=${() => go({ ...shown, session: "" }, true)}
  >
    One session only · show all
  </button>`;
}

function outcome(one: Write): TemplateResult {
  if (one.submission) return html`<span class="pill wait">submitted</span>`;
  return one.code < REFUSED
    ? html`<span class="pill good">${one.code}</span>`
    : html`<span class="pill bad">${one.code} ${one.reason}</span>`;
}

function details(one: Write): TemplateResult {
  return html`<div class="write-details">
    ${one.command ? html`<p><code class="one-command">${one.command}</code></p>` : nothing}
    ${one.message ? html`<p>${one.message}</p>` : nothing}
    ${
      one.submission
        ? html`<p><a href="/review/${one.submission}/">Submission ${one.submission}</a></p>`
        : nothing
    }
    ${
      one.text
        ? html`<pre class="write-text" tabindex="0" aria-label="Text">
${one.text.replace(/\n$/, "").split("\n").map(lineTemplate)}</pre>`
        : nothing
    }
  </div>`;
}

function lineTemplate(line: string): TemplateResult {
  return html`<span class="write-line"
    >${yamlParts(line).map(
      (part) => html`<span class=${part.kind ? `yaml-${part.kind}` : ""}>${part.text}</span>`,
    )}
</span>`;
}

function wordsOf(problem: unknown): string {
  if (problem instanceof RequestError) return problem.message;
  throw problem;
}
