/** The packed map of many nodes: a canvas that answers the pointer, and draws only what changed. */
import { html, LitElement, type TemplateResult } from "lit";
import { drawCell, type MapLook } from "../../graph/draw";
import { readPalette, type Palette } from "../../graph/palette";
import { cellRect, packedHit, podGrid, type PackedLayout } from "../../graph/layout";
import { EMPTY_MODEL, type Card, type Model } from "../../graph/model";
import type { ScenePod } from "../../protocol/frames";
import type { PodTest } from "../../state/matching";
import type { Ref } from "../../state/state";
import { mayMove } from "../../session/motion";
import type { Anchor } from "./links";

const FRESH_MS = 900;
const FRESH_MAX = 400;

export interface MapView {
  model: Model;
  layout: PackedLayout;
  width: number;
  test: PodTest | null;
  selection: Ref | null;
  focusedKey: string;
  theme: string;
}

export class NodeMap extends LitElement {
  private shown: MapView | null = null;
  private palette: Palette | null = null;
  private dirty = new Set<number>();
  private isAllDirty = true;
  private frame = 0;
  private readonly arrivals = new Map<string, { at: number; index: number }>();
  /** Told what the pointer is over, with its rectangle on the page; null when over nothing. */
  onPoint: ((ref: Ref | null, rect: DOMRect | null) => void) | null = null;
  onChoose: ((ref: Ref) => void) | null = null;
  onMenu: ((ref: Ref, x: number, y: number) => void) | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    return html`<canvas
      class="map-canvas"
      aria-hidden="true"
      @pointermove=${this.pointed}
      @pointerleave=${() => this.onPoint?.(null, null)}
      @click=${this.clicked}
      @contextmenu=${this.menu}
    ></canvas>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  show(view: MapView): void {
    const before = this.shown;
    if (before?.theme !== view.theme) this.palette = null;
    this.shown = view;
    const isSameGround =
      before !== null &&
      before.width === view.width &&
      JSON.stringify(before.layout) === JSON.stringify(view.layout) &&
      before.test === view.test &&
      before.model.hues === view.model.hues &&
      this.palette !== null;
    if (!isSameGround) this.isAllDirty = true;
    else this.noteChanges(before, view);
    this.schedule();
  }

  /** Where a pod's square stands, from the map's own corner. */
  anchor(key: string): Anchor | null {
    const view = this.shown;
    if (!view) return null;
    const index = view.model.cards.findIndex((card) => card.pods.some((pod) => pod.key === key));
    if (index < 0) return null;
    const box = this.podRect(index, this.podIndex(view, index, key));
    return { x: box.x + box.width / 2, y: box.y + box.height };
  }

  private podIndex(view: MapView, index: number, key: string): number {
    return view.model.cards[index]?.pods.findIndex((pod) => pod.key === key) ?? 0;
  }

  private noteChanges(before: MapView, view: MapView): void {
    const old = before.model.cards;
    view.model.cards.forEach((card, index) => {
      const was = old[index];
      if (was === card) return;
      this.dirty.add(index);
      if (was?.node.name === card.node.name) this.noteArrivals(was, card, index);
    });
    if (before.selection !== view.selection) {
      this.markRef(before, before.selection);
      this.markRef(view, view.selection);
    }
    if (before.focusedKey !== view.focusedKey) {
      this.markKey(before, before.focusedKey);
      this.markKey(view, view.focusedKey);
    }
  }

  private noteArrivals(was: Card, card: Card, index: number): void {
    if (!mayMove() || card.pods.length <= was.pods.length) return;
    const known = new Set(was.pods.map((pod) => pod.key));
    for (const pod of card.pods) {
      if (known.has(pod.key) || this.arrivals.size >= FRESH_MAX) continue;
      this.arrivals.set(pod.key, { at: performance.now(), index });
    }
  }

  private markRef(view: MapView, ref: Ref | null): void {
    if (ref) this.markKey(view, `${ref.kind}/${ref.key}`);
  }

  private markKey(view: MapView, key: string): void {
    const slash = key.indexOf("/");
    const [kind, rest] = [key.slice(0, slash), key.slice(slash + 1)];
    const index = view.model.cards.findIndex((card) =>
      kind === "node"
        ? card.node.name === rest
        : kind === "pod" && card.pods.some((pod) => pod.key === rest),
    );
    if (index >= 0) this.dirty.add(index);
  }

  private schedule(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.frame = 0;
    const view = this.shown;
    const canvas = this.querySelector("canvas");
    const context = canvas?.getContext("2d", { alpha: false });
    if (!view || !canvas || !context) return;
    this.palette ??= readPalette(this);
    const ratio = devicePixelRatio;
    const fresh = this.freshness();
    const look = this.lookOf(view, this.palette, fresh);
    if (this.isAllDirty) this.fit(canvas, view, ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.isAllDirty) {
      context.fillStyle = this.palette.ground;
      context.fillRect(0, 0, view.width, view.layout.height + 4);
      view.model.cards.forEach((card, index) => drawCell(context, card, index, look));
    } else {
      for (const index of this.dirty) {
        const card = view.model.cards[index];
        if (card) drawCell(context, card, index, look);
      }
    }
    this.isAllDirty = false;
    this.dirty.clear();
    for (const { index } of this.arrivals.values()) this.dirty.add(index);
    if (this.arrivals.size) this.schedule();
  }

  private fit(canvas: HTMLCanvasElement, view: MapView, ratio: number): void {
    canvas.width = Math.ceil(view.width * ratio);
    canvas.height = Math.ceil((view.layout.height + 4) * ratio);
    canvas.style.width = `${view.width}px`;
    canvas.style.height = `${view.layout.height + 4}px`;
  }

  private lookOf(view: MapView, palette: Palette, fresh: ReadonlyMap<string, number>): MapLook {
    const { selection, test } = view;
    return {
      layout: view.layout,
      hues: view.model.hues,
      palette,
      isDim: test && ((pod: ScenePod) => !test(pod)),
      selectedNode: selection?.kind === "node" ? selection.key : "",
      selectedPod: selection?.kind === "pod" ? selection.key : "",
      focusedKey: view.focusedKey,
      fresh,
    };
  }

  private freshness(): Map<string, number> {
    const now = performance.now();
    const fresh = new Map<string, number>();
    for (const [key, { at, index }] of this.arrivals) {
      const left = 1 - (now - at) / FRESH_MS;
      this.dirty.add(index);
      if (left > 0) fresh.set(key, left);
      else this.arrivals.delete(key);
    }
    return fresh;
  }

  private pointed(event: PointerEvent): void {
    const found = this.find(event);
    this.onPoint?.(found?.ref ?? null, found?.rect ?? null);
  }

  private clicked(event: MouseEvent): void {
    const found = this.find(event);
    if (found) this.onChoose?.(found.ref);
  }

  private menu(event: MouseEvent): void {
    const found = this.find(event);
    if (!found) return;
    event.preventDefault();
    this.onMenu?.(found.ref, event.clientX, event.clientY);
  }

  private find(event: MouseEvent): { ref: Ref; rect: DOMRect } | null {
    const view = this.shown;
    const canvas = this.querySelector("canvas");
    if (!view || !canvas) return null;
    const box = canvas.getBoundingClientRect();
    const hit = packedHit(
      view.layout,
      (node) => view.model.cards[node]?.pods.length ?? 0,
      event.clientX - box.left,
      event.clientY - box.top,
    );
    const card = hit && (view.model ?? EMPTY_MODEL).cards[hit.node];
    if (!hit || !card) return null;
    const pod = hit.pod >= 0 ? card.pods[hit.pod] : undefined;
    const rect = pod ? this.podRect(hit.node, hit.pod) : cellRect(view.layout, hit.node);
    const place = new DOMRect(box.left + rect.x, box.top + rect.y, rect.width, rect.height);
    return pod
      ? { ref: { kind: "pod", key: pod.key }, rect: place }
      : { ref: { kind: "node", key: card.node.name }, rect: place };
  }

  private podRect(node: number, pod: number): DOMRect {
    const { layout, model } = this.shown as MapView;
    const cell = cellRect(layout, node);
    const grid = podGrid(layout, model.cards[node]?.pods.length ?? 0);
    if (!grid) return new DOMRect(cell.x, cell.y, cell.width, cell.height);
    return new DOMRect(
      cell.x + grid.inset + (pod % grid.perRow) * (grid.pod + 1),
      cell.y + grid.inset + Math.floor(pod / grid.perRow) * (grid.pod + 1),
      grid.pod,
      grid.pod,
    );
  }
}

customElements.define("py-node-map", NodeMap);
