/** What became of each document, and differences as coloured lines. */
import { html, nothing, type TemplateResult } from "lit";
import minus from "lucide-static/icons/circle-minus.svg?raw";
import check from "lucide-static/icons/circle-check.svg?raw";
import waiting from "lucide-static/icons/clock.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import alert from "lucide-static/icons/circle-alert.svg?raw";
import type { ManifestAction, ManifestResult } from "../../api/playground";
import { icon } from "../../elements/icon";
import { refOfObject } from "../../kinds/objects";
import { select } from "../../session/objects";
import { plural } from "../../words";

export interface Results {
  action: ManifestAction;
  results: readonly ManifestResult[];
  /** Puts back what was deleted. */
  undo?: () => void;
}

const ICONS: Record<string, string> = {
  failed: alert,
  skipped: minus,
  unchanged: minus,
  submitted: waiting,
};

export function resultsTemplate(
  shown: Results,
  goTo: (line: number) => void,
  close: () => void,
): TemplateResult {
  return html`<section class="results" aria-label="Results">
    <div class="results-head">
      <h2>${headline(shown)}</h2>
      ${
        shown.undo
          ? html`<button type="button" class="link" @click=${shown.undo}>Put back</button>`
          : nothing
      }
      <button
        type="button"
        class="button quiet square small"
        aria-label="Close the results"
        @click=${close}
      >
        ${icon(cross, "small")}
      </button>
    </div>
    <ul class="results-list">
      ${shown.results.map((result) => resultTemplate(result, shown.action, goTo))}
    </ul>
  </section>`;
}

/** "2 created, 1 failed" */
export function headline({ action, results }: Results): string {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const words = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  if (results.length === 0) return "There was nothing to do";
  if (action === "diff") {
    const changed = results.filter((result) => result.diff).length;
    return changed ? `${plural(changed, "document")} would change` : "Nothing would change";
  }
  return action === "dry-run" ? `Would be: ${words}` : words;
}

function resultTemplate(
  result: ManifestResult,
  action: ManifestAction,
  goTo: (line: number) => void,
): TemplateResult {
  const ref = refOfObject(result.kind, result.namespace ?? "default", result.name);
  const name = `${result.kind.toLowerCase()}/${result.name}`;
  const canShow = ref !== null && result.outcome !== "deleted" && action === "apply";
  return html`<li class="result ${result.outcome}">
    <div class="result-line">
      ${icon(ICONS[result.outcome] ?? check, "small")}
      ${
        canShow && ref
          ? html`<button type="button" class="result-name" @click=${() => select(ref)}>
              ${name}
            </button>`
          : html`<span class="result-name">${name}</span>`
      }
      <span class="result-outcome">${result.outcome}</span>
      <span class="grow"></span>
      <button type="button" class="result-place" @click=${() => goTo(result.line)}>
        line ${result.line}
      </button>
    </div>
    ${result.message ? html`<p class="result-message">${messageOf(result)}</p>` : nothing}
    ${result.diff ? difference(result.diff) : nothing}
  </li>`;
}

const REVIEW = /\bhttps?:\/\/[^\s/]+(\/review\/[\w-]+\/)/;

/** What was submitted says where it waits; a link on this site, wherever the cluster thinks it is. */
function messageOf({ message = "", outcome }: ManifestResult): TemplateResult | string {
  const found = outcome === "submitted" ? REVIEW.exec(message) : null;
  return found ? html`<a href=${found[1] ?? ""}>waits for review</a>` : message;
}

/** A unified diff; added and removed lines by colour and by sign. */
export function difference(text: string): TemplateResult {
  const lines = text.replace(/\n$/, "").split("\n");
  return html`<pre class="diff" tabindex="0" aria-label="Differences">
${lines
      .filter((line) => !/^(---|\+\+\+) /.test(line))
      .map((line) => html`<span class=${lineClass(line)}>${line || " "}</span>`)}</pre>`;
}

export function lineClass(line: string): string {
  if (line.startsWith("@@")) return "diff-line place";
  if (line.startsWith("+")) return "diff-line added";
  if (line.startsWith("-")) return "diff-line removed";
  return "diff-line";
}
