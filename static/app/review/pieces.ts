/** Small things that list and submission show alike. */
import { html, nothing, type TemplateResult } from "lit";
import type { Severity, SubmissionState } from "./api";
import { stateTone, stateWords } from "./story";

const SEVERITIES: readonly [severity: Severity, noun: string][] = [
  ["error", "error"],
  ["warning", "warning"],
  ["info", "hint"],
];

export function pill(state: SubmissionState): TemplateResult {
  return html`<span class="pill ${stateTone(state)}" data-testid="state" data-state=${state}
    >${stateWords(state)}</span
  >`;
}

/** A mark of its own shape for each severity, so that it is legible without colour. */
export function severityMark(severity: Severity): TemplateResult {
  return html`<span class="severity ${severity}" aria-hidden="true"></span>`;
}

/** Errors and warnings with their numbers; hints are not worth a badge. */
export function findingBadges(
  counts: Partial<Record<Severity, number>>,
): TemplateResult | typeof nothing {
  const shown = SEVERITIES.filter(([severity]) => severity !== "info" && counts[severity]);
  if (!shown.length) return nothing;
  return html`${shown.map(
    ([severity, noun]) =>
      html`<span class="finding-count ${severity}"
        >${severityMark(severity)}${counts[severity]}<span class="hidden-text">
          ${counts[severity] === 1 ? noun : `${noun}s`}</span
        ></span
      >`,
  )}`;
}

export function severityWords(severity: Severity, count: number): string {
  const noun = SEVERITIES.find(([one]) => one === severity)?.[1] ?? severity;
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
