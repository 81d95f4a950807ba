/** Below a step's text: its checks as they are now, its question, its hints. */
import { html, nothing, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import check from "lucide-static/icons/circle-check.svg?raw";
import empty from "lucide-static/icons/circle-dashed.svg?raw";
import cross from "lucide-static/icons/circle-x.svg?raw";
import type { LessonStep } from "../../api/lessons";
import { icon } from "../../elements/icon";
import type { LessonProgress, StepProgress } from "../../protocol/frames";
import { act } from "../../session/lesson";
import { mayWrite } from "../../state/store";
import type { StepState } from "./standing";

export function checksTemplate(
  progress: LessonProgress,
  state: StepState,
): TemplateResult | typeof nothing {
  if (state === "passed") {
    return html`<p class="lesson-done">${icon(check)} Done.</p>`;
  }
  if (state === "ahead" || progress.checks.length === 0) return nothing;
  return html`<section class="lesson-checks" aria-label="What is still to do">
    <h4>To do</h4>
    <ul data-testid="lesson-checks">
      ${progress.checks.map(
        (one) =>
          html`<li class=${one.holds ? "holds" : ""}>
            ${icon(one.holds ? check : empty)}
            <span>
              <span class="hidden-text">${one.holds ? "Done: " : "Not yet: "}</span>${one.says}
              ${one.holds ? nothing : html`<small>${one.missing}</small>`}
            </span>
          </li>`,
      )}
    </ul>
  </section>`;
}

export function questionTemplate(
  step: LessonStep,
  record: StepProgress,
  state: StepState,
): TemplateResult {
  const chosen = record.answer;
  const isOpen = state === "current" && mayWrite.value;
  return html`<div class="lesson-answers" role="group" aria-label="Answers">
    ${step.answers.map((answer, index) => {
      const isChosen = chosen?.choice === index;
      const verdict = isChosen ? (chosen.right ? "right" : "wrong") : "";
      return html`<button
          type="button"
          class="lesson-answer ${verdict}"
          aria-pressed=${isChosen ? "true" : "false"}
          ?disabled=${!isOpen}
          @click=${() => void act({ action: "answer", step: step.id, choice: index })}
        >
          ${icon(verdict === "right" ? check : verdict === "wrong" ? cross : empty)}
          <span>${unsafeHTML(answer)}</span>
        </button>
        ${
          isChosen && chosen.because
            ? html`<p class="lesson-because" role="status">
                <b>${chosen.right ? "Right." : "Not quite."}</b> ${unsafeHTML(chosen.because)}
              </p>`
            : nothing
        }`;
    })}
  </div>`;
}

export function hintsTemplate(
  step: LessonStep,
  record: StepProgress,
  state: StepState,
): TemplateResult | typeof nothing {
  if (step.hints === 0 || state === "ahead") return nothing;
  const shown = record.hints.length;
  const left = step.hints - shown;
  return html`<div class="lesson-hints">
    ${
      shown
        ? html`<ol aria-label="Hints">
            ${record.hints.map((hint) => html`<li>${unsafeHTML(hint)}</li>`)}
          </ol>`
        : nothing
    }
    ${
      left > 0 && state === "current" && mayWrite.value
        ? html`<button
            type="button"
            class="link"
            data-testid="lesson-hint"
            @click=${() => void act({ action: "hint", step: step.id })}
          >
            ${shown ? "Another hint" : "Show a hint"} (${left} left)
          </button>`
        : nothing
    }
  </div>`;
}
