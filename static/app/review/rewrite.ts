/** The author's next version: the text in the editor, and a word about what was changed. */
import { signal } from "@preact/signals-core";
import { html, type TemplateResult } from "lit";
import { LiveElement } from "../elements/live";
import { MOD } from "../elements/modifier";
import type { Code } from "../panels/editor/code";
import { resubmit } from "./acts";
import { getVersion, type Submission } from "./api";
import { dispatch, one } from "./store";

export class Rewrite extends LiveElement {
  private readonly isBusy = signal(false);
  private text = "";
  private code: Code | null = null;
  private isLoading = false;

  protected override render(): TemplateResult {
    return html`<section class="rewrite" aria-label="The next version" data-testid="rewrite">
      <div class="code-host"></div>
      <div class="rewrite-acts">
        <label class="rewrite-message">
          <span class="hidden-text">What has changed</span>
          <input type="text" maxlength="500" placeholder="What has changed" />
        </label>
        <button
          type="button"
          class="button primary"
          data-testid="send-version"
          ?disabled=${this.isBusy.value}
          @click=${() => void this.send()}
        >
          Resubmit<kbd>${MOD}⏎</kbd>
        </button>
        <button
          type="button"
          class="button quiet"
          @click=${() => dispatch({ type: "rewrite", isOn: false })}
        >
          Cancel
        </button>
      </div>
    </section>`;
  }

  protected override updated(): void {
    if (this.isLoading) return;
    this.isLoading = true;
    void this.load();
  }

  private async load(): Promise<void> {
    const { createCode } = await import("../panels/editor/code");
    const host = this.querySelector<HTMLElement>(".code-host");
    if (!host) return;
    this.text = await wholeText(one.peek());
    this.code = createCode(host, {
      text: this.text,
      isReadOnly: false,
      onChange: (text) => (this.text = text),
      onApply: () => void this.send(),
      onProblems: () => undefined,
    });
    this.code.focus();
  }

  private async send(): Promise<void> {
    if (this.isBusy.peek() || !this.text.trim()) return;
    this.isBusy.value = true;
    await resubmit(this.text, this.querySelector("input")?.value.trim() ?? "");
    this.isBusy.value = false;
  }
}

/** The newest text; with the Secrets' values, which are masked elsewhere: they are the author's own. */
async function wholeText(submission: Submission | null): Promise<string> {
  if (!submission) return "";
  const { latest } = submission;
  if (!latest.items.some((item) => item.is_secret)) return latest.text;
  return (await getVersion(submission.id, latest.version, true)).text;
}

customElements.define("py-rewrite", Rewrite);
