/** What the pointer and the keyboard are on in the picture, and what a click or a menu key does. */
import { signal } from "@preact/signals-core";
import type { TemplateResult } from "lit";
import { parseRef } from "../../state/address";
import type { Ref } from "../../state/state";
import { dispatch, picture, scene } from "../../state/store";
import { openRefMenu } from "./pod-menu";
import { nodeTip, podTip, type Tip } from "./tip";
import { OneStop, walk } from "./walk";

export class Pointing {
  /** What the pointer or the focus is on. */
  readonly pointed = signal<Ref | null>(null);
  /** The same as `kind/key`, for the keyboard only. */
  readonly focusedKey = signal("");
  readonly stop: OneStop;

  constructor(
    private readonly root: HTMLElement,
    private readonly tip: () => Tip | undefined,
  ) {
    this.stop = new OneStop(root);
  }

  listen(): void {
    const { root } = this;
    root.addEventListener("click", (event) => this.choose(event));
    root.addEventListener("contextmenu", (event) => this.menu(event));
    root.addEventListener("keydown", (event) => walk(root, event));
    root.addEventListener("focusin", (event) => this.focused(event));
    root.addEventListener("focusout", () => this.leave());
    root.addEventListener("pointerover", (event) => this.hovered(event));
    root.addEventListener("pointerleave", () => this.leave());
  }

  /** Something is pointed at, standing in a rectangle of the window; null for nothing. */
  point(target: Ref | null, rect: DOMRect | null): void {
    const before = this.pointed.peek();
    if (before?.key !== target?.key || before?.kind !== target?.kind) this.pointed.value = target;
    const content = target && tipContent(target);
    const canShow = rect !== null && rect.width > 1 && picture.peek() === "map";
    if (content && canShow) this.tip()?.show(content, rect);
    else this.tip()?.hide();
  }

  private leave(): void {
    this.focusedKey.value = "";
    this.point(null, null);
  }

  private refOf(target: EventTarget | null): { ref: Ref; element: HTMLElement } | null {
    if (!(target instanceof Element)) return null;
    const element = target.closest<HTMLElement>("[data-key], [data-node-name], [data-ref], .card");
    if (!element || !this.root.contains(element)) return null;
    const { key, nodeName, ref: address, name } = element.dataset;
    if (key) return { ref: { kind: "pod", key }, element };
    const node = nodeName ?? name;
    if (node) return { ref: { kind: "node", key: node }, element };
    const parsed = parseRef(address ?? "");
    return parsed && { ref: parsed, element };
  }

  private choose(event: Event): void {
    const found = this.refOf(event.target);
    if (!found) return;
    this.tip()?.hide();
    dispatch({ type: "select", selection: found.ref });
  }

  private menu(event: MouseEvent): void {
    const found = this.refOf(event.target);
    if (!found) return;
    event.preventDefault();
    this.tip()?.hide();
    const box = found.element.getBoundingClientRect();
    const isKeyboard = event.clientX === 0 && event.clientY === 0;
    openRefMenu(
      found.ref,
      isKeyboard ? { x: box.left, y: box.bottom + 4 } : { x: event.clientX, y: event.clientY },
    );
  }

  private hovered(event: PointerEvent): void {
    if (event.pointerType === "touch" || event.target instanceof HTMLCanvasElement) return;
    const found = this.refOf(event.target);
    const isCard = found?.element.classList.contains("card") ?? false;
    if (!found || isCard) this.leave();
    else this.point(found.ref, found.element.getBoundingClientRect());
  }

  private focused(event: FocusEvent): void {
    this.stop.note(event.target);
    const found = this.refOf(event.target);
    if (!found || !(event.target as Element).matches(":focus-visible")) return;
    this.focusedKey.value = `${found.ref.kind}/${found.ref.key}`;
    this.point(found.ref, found.element.getBoundingClientRect());
  }
}

function tipContent(target: Ref): TemplateResult | null {
  const now = scene.peek();
  if (target.kind === "pod") {
    const pod = now.pods.get(target.key);
    return pod ? podTip(pod) : null;
  }
  const node = target.kind === "node" ? now.nodes.get(target.key) : undefined;
  return node ? nodeTip(node, now.placement.get(node.name)?.length ?? 0) : null;
}
