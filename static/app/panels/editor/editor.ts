/** The editor's panel: tabs, the text, problems one line each, and what to do with it. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import chevron from "lucide-static/icons/chevron-down.svg?raw";
import plus from "lucide-static/icons/plus.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import type { ManifestAction, ManifestAnswer } from "../../api/playground";
import { icon } from "../../elements/icon";
import { LiveElement } from "../../elements/live";
import { openMenu, under } from "../../elements/menu";
import { MOD } from "../../elements/modifier";
import { attempt, playground, sessionId } from "../../session/context";
import { editing, isEditing } from "../../session/editing";
import { examples, fileName, openRequest } from "../../session/examples";
import { isHeld } from "../../session/review";
import type { Found } from "../../schema/check";
import { mayWrite, say } from "../../state/store";
import { plural } from "../../words";
import type { Code, Seen } from "./code";
import { shownLeader } from "./mirror-panel";
import {
  activeFile,
  freeName,
  keep,
  load,
  nameFor,
  withActive,
  withFile,
  withoutFile,
  withText,
  type File,
  type Files,
} from "./files";
import "./advice";
import { resultsTemplate, type Results } from "./results";

const PROBLEMS_SHOWN = 50;

export class EditorPanel extends LiveElement {
  private readonly files = signal<Files>({ files: [], active: 0 });
  private readonly problems = signal<readonly Found[]>([]);
  private readonly results = signal<Results | null>(null);
  private readonly renaming = signal(-1);
  private readonly busy = signal<ManifestAction | null>(null);
  private code: Code | null = null;
  private isLoading = false;
  private seenRequest = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.files.value = load(this.storageKey);
    this.watch(() => keep(this.storageKey, this.files.value));
    this.watch(() => this.code?.setReadOnly(!mayWrite.value));
    this.watch(() => {
      const request = openRequest.value;
      if (!request || request.number === this.seenRequest) return;
      this.seenRequest = request.number;
      queueMicrotask(() => this.open(request.name, request.text));
    });
  }

  private get storageKey(): string {
    return `podyard-files-${sessionId()}`;
  }

  protected override render(): TemplateResult {
    const leader = shownLeader.value;
    return html`<section class="editor" aria-label="YAML" data-testid="editor">
      ${leader ? html`<py-mirror class="mirror"></py-mirror>` : this.tabs()}
      <div class="code-host ${leader ? "absent" : ""}"></div>
      ${leader ? nothing : this.below()}
    </section>`;
  }

  private below(): TemplateResult {
    return html`${this.shownResults()} ${this.shownProblems()}
      <py-advice
        .text=${activeFile(this.files.value).text}
        .isFolded=${this.results.value !== null}
        .goTo=${(line: number, column: number) => this.code?.goTo(line, column)}
      ></py-advice>
      ${mayWrite.value ? this.actions() : nothing}`;
  }

  private tabs(): TemplateResult {
    const { files } = this.files.value;
    return html`<div class="tabs">
      <div class="tab-list" role="tablist" aria-label="Files">
        ${repeat(
          files,
          (file) => file.name,
          (file, index) =>
            this.renaming.value === index ? this.nameField(file) : this.tab(file, index),
        )}
      </div>
      <button type="button" class="tab-add" aria-label="New file" @click=${this.addFile}>
        ${icon(plus, "small")}
      </button>
      <span class="grow"></span>
      <button type="button" class="tab-menu" aria-haspopup="menu" @click=${this.openExamples}>
        Examples ${icon(chevron, "small")}
      </button>
    </div>`;
  }

  private tab(file: File, index: number): TemplateResult {
    const { files, active } = this.files.value;
    const canClose = files.length > 1 || file.text !== "";
    return html`<button
      type="button"
      class="tab"
      role="tab"
      aria-selected=${index === active ? "true" : "false"}
      aria-keyshortcuts="Delete F2"
      title="Double-click or F2 renames, Delete closes"
      tabindex=${index === active ? "0" : "-1"}
      @click=${() => this.activate(index)}
      @dblclick=${() => (this.renaming.value = index)}
      @keydown=${(event: KeyboardEvent) => this.tabKey(event, index)}
    >
      ${file.name}
      ${
        canClose
          ? html`<span
              class="tab-close"
              title="Close"
              @click=${(event: Event) => {
                event.stopPropagation();
                this.closeFile(index);
              }}
              >${icon(cross, "small")}</span
            >`
          : nothing
      }
    </button>`;
  }

  /** The tab's name while it is being changed; Enter keeps it, Esc does not. */
  private nameField(file: File): TemplateResult {
    const done = (event: Event) =>
      this.rename(this.renaming.peek(), (event.target as HTMLInputElement).value);
    return html`<span class="tab" role="presentation">
      <input
        class="tab-name"
        aria-label="Name of the file"
        spellcheck="false"
        .value=${file.name}
        @blur=${done}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Enter") done(event);
          if (event.key === "Escape") this.renaming.value = -1;
        }}
      />
    </span>`;
  }

  private shownProblems(): TemplateResult {
    const problems = this.problems.value.slice(0, PROBLEMS_SHOWN);
    return html`<ul
      class="problems ${problems.length ? "" : "absent"}"
      data-testid="diagnostics"
      aria-label="Problems"
    >
      ${problems.map(
        (problem) =>
          html`<li>
            <button
              type="button"
              class="problem ${problem.severity}"
              @click=${() => this.code?.goTo(problem.line, problem.column)}
            >
              <b>${problem.line}</b><span>${problemWords(problem.message)}</span>
            </button>
          </li>`,
      )}
    </ul>`;
  }

  private shownResults(): TemplateResult | typeof nothing {
    const shown = this.results.value;
    if (!shown) return nothing;
    return resultsTemplate(
      shown,
      (line) => this.code?.goTo(line),
      () => (this.results.value = null),
    );
  }

  private actions(): TemplateResult {
    const busy = this.busy.value;
    const isEmpty = activeFile(this.files.value).text.trim() === "";
    const button = (action: ManifestAction, id: string, words: string, classes: string) =>
      html`<button
        type="button"
        class="button ${classes}"
        data-testid=${id}
        ?disabled=${isEmpty || busy !== null}
        @click=${() => void this.act(action)}
      >
        ${words}${action === "apply" ? html`<kbd>${MOD}⏎</kbd>` : nothing}
      </button>`;
    return html`<div class="actions" role="group" aria-label="With this YAML">
      ${button("apply", "apply", applyWords(busy === "apply"), "primary")}
      ${button("dry-run", "dry-run", "Dry run", "")} ${button("diff", "diff", "Diff", "")}
      <span class="grow"></span>
      ${button("delete", "delete", "Delete", "quiet")}
    </div>`;
  }

  protected override updated(): void {
    const field = this.querySelector<HTMLInputElement>(".tab-name");
    if (field && field !== document.activeElement) {
      field.focus();
      field.select();
    }
    if (this.code || this.isLoading) return;
    this.isLoading = true;
    void this.loadCode();
  }

  private async loadCode(): Promise<void> {
    const { createCode } = await import("./code");
    const host = this.querySelector<HTMLElement>(".code-host");
    if (!host) return;
    this.code = createCode(host, {
      text: activeFile(this.files.peek()).text,
      isReadOnly: !mayWrite.peek(),
      onChange: (text) => this.changed(text),
      onApply: () => void this.act("apply"),
      onProblems: (problems) => (this.problems.value = problems),
      onView: (seen) => this.seen(seen),
    });
  }

  /** For those who follow: what this editor shows. */
  private seen({ isFocused, hasNewText, ...seen }: Seen): void {
    const { name } = activeFile(this.files.peek());
    const before = editing.peek();
    const version = (before?.version ?? 0) + (hasNewText || before?.file !== name ? 1 : 0);
    editing.value = { ...seen, file: name, version };
    isEditing.value = isFocused;
  }

  private changed(text: string): void {
    let files = withText(this.files.peek(), text);
    const { name } = activeFile(files);
    if (/^manifest(-\d+)?\.yaml$/.test(name) && nameFor(text) !== "manifest.yaml") {
      const better = freeName(files, nameFor(text), files.active);
      files = {
        ...files,
        files: files.files.map((file, at) =>
          at === files.active ? { ...file, name: better } : file,
        ),
      };
    }
    this.files.value = files;
  }

  private show(files: Files): void {
    this.files.value = files;
    this.results.value = null;
    this.code?.setText(activeFile(files).text);
  }

  private tabKey(event: KeyboardEvent, index: number): void {
    const { files } = this.files.peek();
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step) {
      this.activate((index + step + files.length) % files.length);
      void this.updateComplete.then(() =>
        this.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus(),
      );
    } else if (event.key === "Delete") {
      this.closeFile(index);
    } else if (event.key === "F2") {
      this.renaming.value = index;
    }
  }

  private open(name: string, text: string): void {
    this.show(withFile(this.files.peek(), { name, text }));
  }

  private activate(index: number): void {
    this.show(withActive(this.files.peek(), index));
  }

  private closeFile(index: number): void {
    const before = this.files.peek();
    this.show(withoutFile(before, index));
    if (before.files[index]?.text.trim()) {
      say(`${before.files[index]?.name} is closed.`, {
        action: { label: "Reopen", run: () => this.show(before) },
      });
    }
  }

  private rename(index: number, wanted: string): void {
    const before = this.files.peek();
    if (this.renaming.peek() < 0) return;
    this.renaming.value = -1;
    if (!wanted.trim()) return;
    const name = freeName(before, wanted.trim(), index);
    this.files.value = {
      ...before,
      files: before.files.map((file, at) => (at === index ? { ...file, name } : file)),
    };
  }

  private readonly addFile = (): void => {
    const before = this.files.peek();
    const files = [...before.files, { name: freeName(before, "manifest.yaml"), text: "" }];
    this.show({ files, active: files.length - 1 });
    this.code?.focus();
  };

  private readonly openExamples = (event: Event): void => {
    openMenu(
      "Examples",
      examples.value.map((example) => ({
        label: example.title,
        run: () => {
          this.open(fileName(example), example.text);
          this.code?.focus();
        },
      })),
      under(event.currentTarget as Element, true),
    );
  };

  private async act(action: ManifestAction): Promise<void> {
    const { text, name } = activeFile(this.files.peek());
    if (!text.trim() || this.busy.peek() || !mayWrite.peek()) return;
    this.busy.value = action;
    const answer = await attempt(() => playground().manifests(text, action, name));
    this.busy.value = null;
    if (answer) this.answered(action, text, answer);
  }

  private answered(action: ManifestAction, text: string, answer: ManifestAnswer): void {
    this.code?.setServerProblems(answer.problems);
    const errors = answer.problems.filter((problem) => problem.severity !== "warning").length;
    if (errors && answer.results.length === 0) {
      say(`Nothing was done: ${plural(errors, "problem")} first.`, { tone: "bad" });
    }
    const isDeletion =
      action === "delete" && answer.results.some((one) => one.outcome === "deleted");
    this.results.value =
      answer.results.length || answer.problems.length === 0
        ? {
            action,
            results: answer.results,
            ...(isDeletion ? { undo: () => void this.putBack(text) } : {}),
          }
        : null;
  }

  private async putBack(text: string): Promise<void> {
    const answer = await attempt(() => playground().manifests(text, "apply"));
    if (answer) this.answered("apply", text, answer);
  }
}

customElements.define("py-editor", EditorPanel);

/** The hint after a semicolon is set apart from the problem. */
function problemWords(message: string): TemplateResult {
  const [problem, hint] = message.split("; did you mean ");
  return hint ? html`${problem} <em>did you mean ${hint}</em>` : html`${message}`;
}

/** With review on it is not applied, but handed in. */
function applyWords(isBusy: boolean): string {
  if (isHeld.value) return isBusy ? "Submitting" : "Submit for review";
  return isBusy ? "Applying" : "Apply";
}
