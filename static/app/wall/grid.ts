/**
 * The cards. Each stands where the order puts it and moves there by itself; the elements keep their
 * place in the document, so that nothing is rebuilt when the order changes.
 */
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { LiveElement } from "../elements/live";
import { readPalette, type Palette } from "../graph/palette";
import "./card";
import type { CardLook } from "./card";
import { cardPlace, wallLayout, type WallLayout } from "./layout";
import { isFound } from "./order";
import { now, order, pick, picked, query, shown, wall } from "./state";

const STEPS: Record<string, (at: number, columns: number) => number> = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at, columns) => at + columns,
  ArrowUp: (at, columns) => at - columns,
  Home: () => 0,
  End: () => Number.MAX_SAFE_INTEGER,
};

export class WallGrid extends LiveElement {
  private palette: Palette | null = null;
  private look: CardLook | null = null;
  private width = 0;
  private room = 0;
  private focused = "";
  private readonly observer = new ResizeObserver(() => this.measure());
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");
  private readonly recolor = () => {
    this.palette = this.look = null;
    this.requestUpdate();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
    this.scheme.addEventListener("change", this.recolor);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    this.scheme.removeEventListener("change", this.recolor);
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this;
    if (clientWidth === this.width && clientHeight === this.room) return;
    [this.width, this.room] = [clientWidth, clientHeight];
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { students } = wall.value;
    const places = new Map(order.value.map((id, index) => [id, index]));
    const layout = wallLayout(this.width || 800, this.room || 600, places.size);
    const look = this.lookOf(layout);
    const stop = places.has(this.focused) ? this.focused : order.value[0];
    return html`<ul
      class="wall-grid"
      aria-label="Students"
      style="height:${layout.height}px"
      @click=${this.clicked}
      @keydown=${(event: KeyboardEvent) => this.walked(event, layout)}
      @focusin=${this.noteFocus}
    >
      ${repeat(
        students.values(),
        (student) => student.id,
        (student) => {
          const { x, y } = cardPlace(layout, places.get(student.id) ?? 0);
          return html`<li
            class="wall-place"
            style="width:${layout.cardWidth}px;height:${layout.cardHeight}px;transform:translate(${x}px,${y}px)"
          >
            <py-student
              data-student=${student.id}
              .student=${student}
              .look=${look}
              .minute=${now.value}
              .isShown=${shown.value === student.id}
              .isPicked=${picked.value.has(student.id)}
              .isDim=${!isFound(student, query.value)}
              .isTabStop=${stop === student.id}
            ></py-student>
          </li>`;
        },
      )}
    </ul>`;
  }

  private lookOf(layout: WallLayout): CardLook {
    const size = `${layout.detail} ${layout.cardWidth} ${layout.cardHeight}`;
    if (this.look?.size !== size) {
      this.palette ??= readPalette(this);
      this.look = { detail: layout.detail, palette: this.palette, size };
    }
    return this.look;
  }

  private clicked(event: MouseEvent): void {
    const id = idOf(event.target);
    if (!id) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) pick(id);
    else shown.value = shown.peek() === id ? "" : id;
  }

  private noteFocus(event: FocusEvent): void {
    const id = idOf(event.target);
    if (!id || id === this.focused) return;
    this.focused = id;
    this.requestUpdate();
  }

  private walked(event: KeyboardEvent, layout: WallLayout): void {
    const id = idOf(event.target);
    if (!id) return;
    if (event.key === "x") {
      pick(id);
      return;
    }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const ids = order.peek();
    const next = step(ids.indexOf(id), layout.columns);
    this.focusOn(ids[Math.max(0, Math.min(next, ids.length - 1))] ?? "");
  }

  private focusOn(id: string): void {
    const card = this.querySelector<HTMLElement>(`[data-student="${CSS.escape(id)}"] button`);
    card?.focus();
    card?.scrollIntoView({ block: "nearest" });
  }
}

function idOf(target: EventTarget | null): string {
  const element = target instanceof Element ? target.closest<HTMLElement>("py-student") : null;
  return element?.dataset["student"] ?? "";
}

customElements.define("py-wall-grid", WallGrid);
