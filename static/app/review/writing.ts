/** A field to write in: ⌘Enter sends, Esc leaves. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "../elements/live";
import { MOD } from "../elements/modifier";

export class Writing extends LiveElement {
  static override properties = { label: {}, words: {}, send: {}, cancel: {} };
  declare label: string;
  declare words: string | undefined;
  declare send: (text: string) => Promise<boolean>;
  declare cancel: (() => void) | undefined;

  private readonly isBusy = signal(false);
  private hasFocus = false;

  protected override render(): TemplateResult {
    return html`<form class="writing" @submit=${this.submitted}>
      <textarea
        rows="3"
        aria-label=${this.label}
        placeholder=${this.label}
        @keydown=${this.key}
      ></textarea>
      <div class="writing-acts">
        <button type="submit" class="button" ?disabled=${this.isBusy.value}>
          ${this.words ?? "Comment"}<kbd>${MOD}⏎</kbd>
        </button>
        ${
          this.cancel
            ? html`<button type="button" class="button quiet" @click=${this.cancel}>
                Cancel
              </button>`
            : nothing
        }
      </div>
    </form>`;
  }

  protected override updated(): void {
    if (this.hasFocus || !this.cancel) return;
    this.hasFocus = true;
    this.field?.focus();
  }

  private get field(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.cancel) {
      event.preventDefault();
      this.cancel();
    } else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void this.go();
    }
  };

  private readonly submitted = (event: Event): void => {
    event.preventDefault();
    void this.go();
  };

  private async go(): Promise<void> {
    const field = this.field;
    if (!field?.value.trim() || this.isBusy.peek()) return;
    this.isBusy.value = true;
    const isSent = await this.send(field.value);
    this.isBusy.value = false;
    if (isSent) field.value = "";
  }
}

customElements.define("py-writing", Writing);
