/** The line between two panels: dragged with a pointer or moved with the arrow keys. */
import { html, LitElement } from "lit";

/** `axis` x moves a column's edge; `edge` end means that the panel lies after the line. */
export class Splitter extends LitElement {
  static override properties = {
    axis: {},
    edge: {},
    label: {},
    variable: {},
    min: { type: Number },
    max: { type: Number },
    value: { type: Number },
  };

  declare axis: "x" | "y";
  declare edge: "start" | "end";
  declare label: string;
  declare variable: string;
  declare min: number;
  declare max: number;
  declare value: number;

  private origin = { at: 0, value: 0 };

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const kept = Number(localStorage.getItem(`podyard${this.variable}`));
    if (kept) this.move(kept);
  }

  override render() {
    return html`<div
      class="splitter-line"
      role="separator"
      tabindex="0"
      aria-label=${this.label}
      aria-orientation=${this.axis === "x" ? "vertical" : "horizontal"}
      aria-valuenow=${this.value}
      aria-valuemin=${this.min}
      aria-valuemax=${this.max}
      @pointerdown=${this.grab}
      @pointermove=${this.drag}
      @pointerup=${this.drop}
      @keydown=${this.key}
    ></div>`;
  }

  private grab(event: PointerEvent): void {
    event.preventDefault();
    (event.target as HTMLElement).setPointerCapture(event.pointerId);
    this.origin = { at: this.along(event), value: this.value };
    this.classList.add("dragging");
  }

  private drag(event: PointerEvent): void {
    if (!this.classList.contains("dragging")) return;
    const moved = this.along(event) - this.origin.at;
    this.move(this.origin.value + (this.edge === "end" ? -moved : moved));
  }

  private drop(): void {
    this.classList.remove("dragging");
    localStorage.setItem(`podyard${this.variable}`, String(this.value));
  }

  private key(event: KeyboardEvent): void {
    const keys = this.axis === "x" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const way = keys.indexOf(event.key);
    if (way < 0) return;
    event.preventDefault();
    const step = (way === 0 ? -24 : 24) * (this.edge === "end" ? -1 : 1);
    this.move(this.value + step);
    this.drop();
  }

  private along(event: PointerEvent): number {
    return this.axis === "x" ? event.clientX : event.clientY;
  }

  private move(value: number): void {
    this.value = Math.round(Math.min(this.max, Math.max(this.min, value)));
    document.documentElement.style.setProperty(this.variable, `${this.value}px`);
  }
}

customElements.define("py-splitter", Splitter);
