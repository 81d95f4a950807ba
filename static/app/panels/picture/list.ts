/**
 * The picture as text: nodes with their pods. Shown as a view of its own, and kept out of sight but
 * in the accessibility tree beside the packed map. Filled in small slices, so that thousands of
 * pods never hold up a frame.
 */
import { html, LitElement, nothing, render, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Card, Model } from "../../graph/model";
import { workloadOf, type Hues } from "../../kinds/hue";
import { STATES } from "../../kinds/states";
import type { ScenePod } from "../../protocol/frames";
import type { PodTest } from "../../state/matching";
import { nodeLabel, plural, podLabel, waitingFor, zoneWord } from "../../words";
import { initials } from "./initials";

const SLICE_MS = 4;
const PAUSE_MS = 16;
/** Beside the map the list follows at leisure once it is filled. */
const HIDDEN_SLICE_MS = 2;
const HIDDEN_PAUSE_MS = 120;

export interface ListLook {
  model: Model;
  test: PodTest | null;
  selectedKey: string;
}

export class NodeList extends LitElement {
  private look: ListLook | null = null;
  private readonly items = new Map<string, HTMLLIElement>();
  private readonly drawn = new Map<string, Card>();
  private queue: string[] = [];
  private timer: number | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    return html`<ul class="list-nodes" data-testid="nodes" aria-label="Nodes and their pods"></ul>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** Shows a model; only the cards that changed are written again. */
  show(look: ListLook): void {
    const before = this.look;
    const isAll =
      before?.test !== look.test ||
      before?.selectedKey !== look.selectedKey ||
      before?.model.hues !== look.model.hues;
    this.look = look;
    this.syncItems();
    const queued = new Set(isAll ? [] : this.queue);
    for (const card of look.model.cards) {
      if (isAll || this.drawn.get(card.node.name) !== card) queued.add(card.node.name);
    }
    this.queue = [...queued];
    this.schedule();
  }

  /** Makes the list's items follow the nodes, in their order. */
  private syncItems(): void {
    const list = this.querySelector<HTMLUListElement>(".list-nodes");
    if (!list || !this.look) return;
    const { cards } = this.look.model;
    const names = new Set(cards.map((card) => card.node.name));
    for (const [name, item] of this.items) {
      if (names.has(name)) continue;
      item.remove();
      this.items.delete(name);
      this.drawn.delete(name);
    }
    if (this.items.size === cards.length) return;
    let place: Element | null = list.firstElementChild;
    for (const card of cards) {
      let item = this.items.get(card.node.name);
      if (!item) {
        item = document.createElement("li");
        item.className = "list-node";
        item.dataset["testid"] = "node";
        item.dataset["name"] = card.node.name;
        this.items.set(card.node.name, item);
        list.insertBefore(item, place);
      } else {
        place = item.nextElementSibling;
      }
    }
  }

  private schedule(): void {
    if (this.timer !== undefined || this.queue.length === 0) return;
    const pause = this.classList.contains("twin") ? PAUSE_MS : 0;
    this.timer = window.setTimeout(() => this.slice(), pause);
  }

  private slice(): void {
    this.timer = undefined;
    if (!this.hasUpdated) {
      this.schedule();
      return;
    }
    this.syncItems();
    const isFilled = this.drawn.size === this.items.size;
    const isLeisurely = isFilled && this.classList.contains("twin");
    const until = performance.now() + (isLeisurely ? HIDDEN_SLICE_MS : SLICE_MS);
    const cards = new Map(this.look?.model.cards.map((card) => [card.node.name, card]));
    while (this.queue.length && performance.now() < until) {
      const name = this.queue.shift() as string;
      const card = cards.get(name);
      const item = this.items.get(name);
      if (card && item && this.look) this.write(item, card, this.look);
    }
    if (this.queue.length === 0) return;
    this.timer = window.setTimeout(() => this.slice(), isLeisurely ? HIDDEN_PAUSE_MS : PAUSE_MS);
  }

  private write(item: HTMLLIElement, card: Card, look: ListLook): void {
    item.dataset["ready"] = card.node.ready ? "true" : "false";
    render(nodeTemplate(card, look), item);
    this.drawn.set(card.node.name, card);
  }
}

customElements.define("py-node-list", NodeList);

function nodeTemplate(card: Card, look: ListLook): TemplateResult {
  const { node } = card;
  const isSelected = look.selectedKey === `node/${node.name}`;
  const notes = [
    node.ready ? "ready" : `not ready: ${node.reason ?? "unknown"}`,
    node.cordoned ? "cordoned" : "",
    node.zone ? zoneWord(node.zone) : "",
    ...(node.taints ?? []).map((taint) => `taint ${taint}`),
    plural(card.pods.length, "pod"),
  ].filter(Boolean);
  return html`<div class="list-head">
      <button
        type="button"
        class="list-name ${isSelected ? "selected" : ""}"
        data-walk
        data-node-name=${node.name}
        tabindex="-1"
        aria-label=${nodeLabel(node, card.pods.length)}
        aria-pressed=${isSelected ? "true" : "false"}
      >
        ${node.name}
      </button>
      <span class="list-notes ${node.ready ? "" : "bad"}">${notes.join(" · ")}</span>
    </div>
    <ul class="list-pods" aria-label="Pods on ${node.name}">
      ${repeat(
        card.pods,
        (pod) => pod.key,
        (pod) => podTemplate(pod, look, look.model.hues),
      )}
    </ul>`;
}

/** One line for a pod; also used for the pods that wait. */
export function podTemplate(
  pod: ScenePod,
  look: Pick<ListLook, "test" | "selectedKey">,
  hues: Hues,
): TemplateResult {
  const { tone, word } = STATES[pod.state];
  const isSelected = look.selectedKey === `pod/${pod.key}`;
  const isDim = look.test !== null && !look.test(pod);
  const [ready, total] = pod.ready ?? [0, 0];
  return html`<li>
    <button
      type="button"
      class="list-pod hued ${isSelected ? "selected" : ""} ${isDim ? "dim" : ""}"
      style="--hue:${hues.get(workloadOf(pod)) ?? 0}"
      data-testid="pod"
      data-walk
      data-key=${pod.key}
      data-namespace=${pod.namespace}
      data-name=${pod.name}
      data-phase=${pod.phase}
      data-state=${pod.state}
      data-node=${pod.node ?? ""}
      tabindex="-1"
      aria-label=${podLabel(pod)}
      aria-pressed=${isSelected ? "true" : "false"}
    >
      <span class="list-swatch" aria-hidden="true">${initials(pod)}</span>
      <span class="list-pod-name">${pod.name}</span>
      <span class="list-pod-state tone-${tone}">${word}</span>
      <span class="list-pod-ready">${ready}/${total}</span>
      <span class="list-pod-words">${pod.waiting ? waitingFor(pod) : pod.text}</span>
      <span class="list-pod-note">${pod.restarts ? plural(pod.restarts, "restart") : nothing}</span>
    </button>
  </li>`;
}
