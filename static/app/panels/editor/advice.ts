/**
 * What a reviewer would say about the text, below it and folded: off until it is asked for, and on
 * by itself while review is on. It marks nothing in the text.
 */
import { signal } from "@preact/signals-core";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import chevron from "lucide-static/icons/chevron-down.svg?raw";
import { RequestError } from "../../api/playground";
import { icon } from "../../elements/icon";
import { LiveElement } from "../../elements/live";
import { askAdvice, isHeld, type Advice } from "../../session/review";
import { plural } from "../../words";

const ASK_DELAY_MS = 900;
const SHOWN_MAX = 40;
const KEY = "podyard-advice";

export class AdvicePanel extends LiveElement {
  static override properties = { text: {}, isFolded: {}, goTo: {} };
  declare text: string;
  /** Something more important is shown. */
  declare isFolded: boolean;
  declare goTo: (line: number, column: number) => void;

  private readonly isOpen = signal(localStorage.getItem(KEY) === "open");
  private readonly found = signal<readonly Advice[] | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch(() => {
      if (this.isOpen.value || isHeld.value) this.askSoon(0);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("text") && (this.isOpen.peek() || isHeld.peek())) this.askSoon(ASK_DELAY_MS);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.text?.trim()) return nothing;
    const isOpen = this.isOpen.value && !this.isFolded;
    const found = this.found.value;
    return html`<section class="editor-advice" aria-label="Advice" data-testid="advice">
      <button
        type="button"
        class="advice-head"
        aria-expanded=${isOpen ? "true" : "false"}
        @click=${this.toggle}
      >
        <span class="advice-fold ${isOpen ? "open" : ""}">${icon(chevron, "small")}</span>
        Advice${found ? html`<span class="advice-count">${headline(found)}</span>` : nothing}
      </button>
      ${isOpen && found?.length ? this.list(found) : nothing}
    </section>`;
  }

  private list(found: readonly Advice[]): TemplateResult {
    return html`<ul class="advice-list">
      ${found.slice(0, SHOWN_MAX).map(
        (one) =>
          html`<li>
            <button
              type="button"
              class="advice-item ${one.severity}"
              title=${one.fix}
              @click=${() => this.goTo(one.line, one.column)}
            >
              <b>${one.line}</b><span>${one.message}</span>
            </button>
          </li>`,
      )}
    </ul>`;
  }

  private readonly toggle = (): void => {
    this.isOpen.value = !this.isOpen.value;
    localStorage.setItem(KEY, this.isOpen.value ? "open" : "folded");
  };

  private askSoon(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), delay);
  }

  private async ask(): Promise<void> {
    const { text } = this;
    if (!text?.trim() || text === this.asked) return;
    this.asked = text;
    try {
      const found = await askAdvice(text);
      if (this.text === text) this.found.value = found.filter((one) => one.category !== "schema").sort(worstFirst);
    } catch (problem) {
      if (!(problem instanceof RequestError)) throw problem;
      this.asked = "";
    }
  }
}

customElements.define("py-advice", AdvicePanel);

const ORDER = ["error", "warning", "info"];

function worstFirst(a: Advice, b: Advice): number {
  return ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.line - b.line;
}

function headline(found: readonly Advice[]): string {
  const grave = found.filter((one) => one.severity === "error").length;
  if (grave) return `${plural(grave, "thing")} a reviewer would stop`;
  const others = found.filter((one) => one.severity === "warning").length;
  if (others) return plural(others, "suggestion");
  return found.length ? plural(found.length, "hint") : "nothing to say";
}
