/** The text with its line numbers, findings in the margin, and what people wrote below lines. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import eye from "lucide-static/icons/eye.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { yamlParts } from "../panels/inspector/yaml-lines";
import { remark, reveal } from "./acts";
import type { Finding, Remark, Severity, Version } from "./api";
import { countBySeverity, keyOf, marks, pieces, type Note, type Piece } from "./margin";
import { severityMark, severityWords } from "./pieces";
import type { State } from "./state";
import { dispatch, peek, state } from "./store";
import { ageWords } from "./story";
import "./writing";

/** No room for a margin; the same number is in review/narrow.css. */
const NARROW = matchMedia("(max-width: 720px)");
/** As in review/text.css. */
const LINE_HEIGHT = 22;
const OPEN_ROWS = 5;
const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

export class ReviewText extends LiveElement {
  private readonly isNarrow = signal(NARROW.matches);
  /** How tall the open note is, as it was last drawn. */
  private readonly openRows = signal(OPEN_ROWS);
  private shownNote = "";

  override connectedCallback(): void {
    super.connectedCallback();
    NARROW.addEventListener("change", this.resized);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    NARROW.removeEventListener("change", this.resized);
  }

  private readonly resized = (): void => {
    this.isNarrow.value = NARROW.matches;
  };

  protected override render(): TemplateResult {
    const shown = state.value;
    const { version, one } = shown;
    if (!version || !one) return html`<p class="desk-note">Asking.</p>`;
    const findings = version.findings.filter((each) => shown.severities.has(each.severity));
    const remarks = one.conversation.filter(
      (each) => each.line !== null && each.version === version.version,
    );
    const worst = marks(findings);
    return html`${this.counts(version, shown)}
      ${
        version.is_cut
          ? html`<p class="text-cut" role="note">
              This is more than is kept for review: it is shown in part, and cannot be approved.
            </p>`
          : nothing
      }
      <div
        class="review-text"
        role="group"
        aria-label="Text of version ${version.version}"
        data-testid="review-text"
        @keydown=${this.walk}
      >
        ${repeat(
          pieces(version.text, findings, remarks, {
            writingAt: shown.writingAt,
            isInline: this.isNarrow.value,
            rowsOf: (each) => (keyOf(each) === shown.openNote ? this.openRows.value : 1),
          }),
          (piece) => piece.first,
          (piece) => this.piece(piece, worst, shown),
        )}
      </div>`;
  }

  protected override updated(): void {
    const { openNote, activeLine } = peek();
    const open = this.querySelector<HTMLElement>(".note.open");
    if (open) this.openRows.value = Math.ceil((open.offsetHeight + 2) / LINE_HEIGHT);
    if (openNote === this.shownNote) return;
    this.shownNote = openNote;
    if (openNote) this.lineButton(activeLine)?.scrollIntoView({ block: "center" });
  }

  /** How many of each, as switches; and the Secrets' values for those who may see them. */
  private counts(version: Version, shown: State): TemplateResult {
    const found = countBySeverity(version.findings);
    const hasSecrets = version.items.some((item) => item.is_secret);
    return html`<div class="text-head">
      <div class="severities" role="group" aria-label="Findings that are shown">
        ${SEVERITIES.map((severity) =>
          found[severity]
            ? html`<button
                type="button"
                class="severity-switch"
                aria-pressed=${shown.severities.has(severity) ? "true" : "false"}
                @click=${() => dispatch({ type: "severity", severity })}
              >
                ${severityMark(severity)}${severityWords(severity, found[severity])}
              </button>`
            : nothing,
        )}
        ${
          version.findings.length === 0
            ? html`<span class="severity-none">Nothing to say about this text.</span>`
            : nothing
        }
      </div>
      <span class="grow"></span>
      ${
        hasSecrets && (shown.isReviewer || shown.one?.submitter.id === shown.me?.id)
          ? html`<button type="button" class="button quiet" @click=${() => void reveal()}>
              ${icon(eye, "small")}Show values
            </button>`
          : nothing
      }
    </div>`;
  }

  private piece(
    piece: Piece,
    worst: ReadonlyMap<number, Severity>,
    shown: State,
  ): TemplateResult {
    const last = piece.first + piece.lines.length - 1;
    return html`<div class="piece" style="--rows:${piece.rows}">
        <ol class="piece-lines" start=${piece.first}>
          ${piece.lines.map((line, index) =>
            lineTemplate(line, piece.first + index, worst, shown),
          )}
        </ol>
        <ul class="piece-notes" aria-label="Findings">
          ${repeat(
            piece.notes,
            (note) => keyOf(note.finding),
            (note) => noteTemplate(note, shown),
          )}
        </ul>
      </div>
      ${
        piece.remarks.length || piece.isWriting
          ? html`<div class="thread" role="group" aria-label="About line ${last}">
              ${piece.remarks.map(remarkTemplate)}
              ${
                piece.isWriting
                  ? html`<py-writing
                      label="Comment on line ${last}"
                      .send=${(text: string) => remark(text, last)}
                      .cancel=${() => this.stopWriting(last)}
                    ></py-writing>`
                  : nothing
              }
            </div>`
          : nothing
      }`;
  }

  private stopWriting(line: number): void {
    dispatch({ type: "write", line: 0 });
    void this.updateComplete.then(() => this.lineButton(line)?.focus());
  }

  private lineButton(line: number): HTMLElement | null {
    return this.querySelector<HTMLElement>(`[data-line="${line}"]`);
  }

  /** Arrows walk the line numbers, of which one is in the tab order. */
  private readonly walk = (event: KeyboardEvent): void => {
    const target = (event.target as Element).closest<HTMLElement>("[data-line]");
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key] ?? 0;
    if (!target || !step) return;
    event.preventDefault();
    const count = (peek().version?.text ?? "").replace(/\n$/, "").split("\n").length;
    const line = Math.max(1, Math.min(count, Number(target.dataset["line"]) + step));
    dispatch({ type: "line", line });
    void this.updateComplete.then(() => this.lineButton(line)?.focus());
  };
}

customElements.define("py-review-text", ReviewText);

function lineTemplate(
  line: string,
  number: number,
  worst: ReadonlyMap<number, Severity>,
  shown: State,
): TemplateResult {
  const isActive = number === shown.activeLine;
  const severity = worst.get(number);
  const mayComment = shown.one?.may.includes("comment") ?? false;
  const classes = `text-line ${isActive ? "active" : ""} ${severity ?? ""}`;
  return html`<li class=${classes}>
    <button
      type="button"
      class="line-number"
      data-line=${number}
      tabindex=${isActive ? "0" : "-1"}
      aria-label="Line ${number}${mayComment ? ", comment" : ""}"
      ?disabled=${!mayComment}
      @click=${() => dispatch({ type: "write", line: number })}
      @focus=${() => dispatch({ type: "line", line: number })}
    >
      ${number}
    </button>
    <code class="line-text"
      >${yamlParts(line).map(
        (part) => html`<span class=${part.kind ? `yaml-${part.kind}` : ""}>${part.text}</span>`,
      )}</code
    >
  </li>`;
}

function noteTemplate({ finding, row }: Note, shown: State): TemplateResult {
  const key = keyOf(finding);
  const isOpen = shown.openNote === key;
  return html`<li
    class="note ${finding.severity} ${isOpen ? "open" : ""}"
    style="--row:${row}"
    data-testid="finding"
    data-rule=${finding.rule}
    data-line=${`note-${finding.line}`}
  >
    <button
      type="button"
      class="note-head"
      aria-expanded=${isOpen ? "true" : "false"}
      aria-label="${finding.severity}, line ${finding.line}: ${finding.message}"
      @click=${() => {
        dispatch({ type: "line", line: finding.line });
        dispatch({ type: "note", key });
      }}
    >
      ${severityMark(finding.severity)}<span class="note-line">${finding.line}</span
      ><span class="note-title">${finding.title || finding.message}</span>
    </button>
    ${isOpen ? noteBody(finding) : nothing}
  </li>`;
}

function noteBody(finding: Finding): TemplateResult {
  return html`<div class="note-body">
    <p>${finding.message}.</p>
    ${finding.fix ? html`<p class="note-fix">${finding.fix}</p>` : nothing}
    <p class="note-foot">
      <code>${finding.rule}</code>
      ${
        finding.reference
          ? html`<a href=${finding.reference} target="_blank" rel="noreferrer">Read on</a>`
          : nothing
      }
    </p>
  </div>`;
}

export function remarkTemplate(each: Remark): TemplateResult {
  return html`<article class="remark" data-testid="remark">
    <p class="remark-head">
      <b>${each.by.name}</b>
      <time datetime=${each.at} title=${each.at}>${ageWords(each.at, Date.now())}</time>
    </p>
    <p class="remark-text">${each.text}</p>
  </article>`;
}
