/** The lesson's panel: one step at a time, its checks alive, the way forward below it. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import dots from "lucide-static/icons/ellipsis.svg?raw";
import type { Lesson } from "../../api/lessons";
import { icon } from "../../elements/icon";
import { LiveElement } from "../../elements/live";
import { openMenu, under } from "../../elements/menu";
import type { LessonProgress } from "../../protocol/frames";
import { act, openManifest, runCommand, showObject } from "../../session/lesson";
import { lesson, lessonProgress, mayWrite } from "../../state/store";
import { checksTemplate, hintsTemplate, questionTemplate } from "./step";
import { currentIndex, stateOf } from "./standing";

export class LessonPanel extends LiveElement {
  /** The step that is shown; the number of steps stands for the end. -1: the lesson's own. */
  private readonly shown = signal(-1);
  private slug = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch(() => {
      const slug = lesson.value?.slug ?? "";
      if (slug === this.slug) return;
      this.slug = slug;
      this.shown.value = -1;
    });
  }

  protected override render(): TemplateResult {
    const found = lesson.value;
    const progress = lessonProgress.value;
    if (!found || !progress) return html``;
    if (this.shown.value < 0) this.shown.value = currentIndex(found, progress);
    const at = Math.min(this.shown.value, found.steps.length);
    return html`<section class="lesson" aria-label="Lesson" data-testid="lesson">
      ${this.head(found, progress, at)}
      <div class="lesson-body" tabindex="0" role="group" aria-label="Text" @click=${this.clicked}>
        ${at < found.steps.length ? this.step(found, progress, at) : closing(found)}
      </div>
      ${this.foot(found, progress, at)}
      <p class="hidden-text" role="status">${statusWords(found, progress)}</p>
    </section>`;
  }

  private head(found: Lesson, progress: LessonProgress, at: number): TemplateResult {
    return html`<header class="lesson-head">
      <h2 class="lesson-title">${found.title}</h2>
      ${
        mayWrite.value
          ? html`<button
              type="button"
              class="tab-add"
              aria-label="More about the lesson"
              aria-haspopup="menu"
              @click=${this.openMore}
            >
              ${icon(dots, "small")}
            </button>`
          : nothing
      }
      <ol class="lesson-steps" aria-label="Steps">
        ${found.steps.map((step, index) => {
          const state = stateOf(found, progress, index);
          return html`<li>
            <button
              type="button"
              class="lesson-stop ${state}"
              aria-current=${index === at ? "step" : nothing}
              aria-label="Step ${index + 1}, ${step.title}, ${STATE_WORDS[state]}"
              title=${step.title}
              @click=${() => this.show(index)}
            ></button>
          </li>`;
        })}
      </ol>
    </header>`;
  }

  private step(found: Lesson, progress: LessonProgress, at: number): TemplateResult {
    const step = found.steps[at];
    const record = progress.steps[at];
    if (!step || !record) return html``;
    const state = stateOf(found, progress, at);
    return html`<article data-testid="lesson-step" data-step=${step.id} data-state=${state}>
      ${at === 0 && found.intro ? html`<div>${unsafeHTML(found.intro)}</div>` : nothing}
      <h3 class="lesson-step-title">${step.title}</h3>
      <div>${unsafeHTML(step.html)}</div>
      ${step.kind === "question" ? questionTemplate(step, record, state) : nothing}
      ${step.kind === "task" ? checksTemplate(progress, state) : nothing}
      ${hintsTemplate(step, record, state)}
    </article>`;
  }

  private foot(found: Lesson, progress: LessonProgress, at: number): TemplateResult {
    const current = currentIndex(found, progress);
    const step = found.steps[at];
    const isReading = step?.kind === "read" && at === current;
    return html`<footer class="lesson-foot">
      <button
        type="button"
        class="button quiet"
        ?disabled=${at === 0}
        @click=${() => this.show(at - 1)}
      >
        Back
      </button>
      <span class="lesson-place">${at < found.steps.length ? `${at + 1} of ${found.steps.length}` : ""}</span>
      ${
        at > current
          ? html`<button type="button" class="button" @click=${() => this.show(current)}>
              To step ${current + 1}
            </button>`
          : at < found.steps.length
            ? html`<button
                type="button"
                class="button primary"
                data-testid="lesson-next"
                ?disabled=${at === current && !isReading}
                @click=${() => void this.next(at, isReading ? step.id : "")}
              >
                ${at + 1 < found.steps.length ? "Next" : "Finish"}
              </button>`
            : html`<a class="button primary" href="/lessons/">All lessons</a>`
      }
    </footer>`;
  }

  private async next(at: number, read: string): Promise<void> {
    if (read) {
      if (!mayWrite.peek()) return;
      await act({ action: "read", step: read });
    }
    this.show(at + 1);
  }

  private show(index: number): void {
    this.shown.value = index;
    void this.updateComplete.then(() => {
      const body = this.querySelector<HTMLElement>(".lesson-body");
      body?.scrollTo({ top: 0 });
      body?.focus({ preventScroll: true });
    });
  }

  /** The buttons in the text are the server's HTML; their clicks come up to here. */
  private readonly clicked = (event: MouseEvent): void => {
    const button = (event.target as Element).closest<HTMLElement>("button");
    const { run, open, show } = button?.dataset ?? {};
    if (run !== undefined && mayWrite.peek()) {
      button?.classList.add("ran");
      runCommand(run, event.shiftKey);
    } else if (open !== undefined) openManifest(open);
    else if (show !== undefined) showObject(show);
  };

  private readonly openMore = (event: Event): void => {
    openMenu(
      "Lesson",
      [
        { label: "Start this step over", run: () => void this.again("restart-step") },
        { label: "Start the lesson over", run: () => void this.again("restart") },
      ],
      under(event.currentTarget as Element, true),
    );
  };

  private async again(action: "restart" | "restart-step"): Promise<void> {
    await act({ action });
    this.shown.value = -1;
  }
}

customElements.define("py-lesson", LessonPanel);

const STATE_WORDS = { passed: "done", current: "at hand", ahead: "not yet begun" } as const;

function closing(found: Lesson): TemplateResult {
  return html`<article data-testid="lesson-closing">
    <h3 class="lesson-step-title">All steps are done</h3>
    <div>${unsafeHTML(found.closing)}</div>
  </article>`;
}

/** What a screen reader is told when it changes. */
function statusWords(found: Lesson, progress: LessonProgress): string {
  if (!progress.current) return "All steps of the lesson are done.";
  const before = found.steps[progress.done - 1];
  return before ? `Step ${progress.done}, ${before.title}, is done.` : "";
}
