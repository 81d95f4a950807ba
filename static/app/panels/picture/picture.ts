/**
 * The picture of the cluster: control plane, waiting lane, nodes with their pods, and the shelf of
 * workloads, services and volumes. Reads the state; says what was chosen.
 */
import { computed, signal } from "@preact/signals-core";
import { html, nothing, render, svg, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { createRef, ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { LiveElement } from "../../elements/live";
import { layoutNodes, type Layout } from "../../graph/layout";
import { isLesson } from "../../session/clock";
import { linksOf, type Link } from "../../graph/links";
import { buildModel, EMPTY_MODEL, type Model } from "../../graph/model";
import { peek as peekState } from "../../state/store";
import { isFiltering, podTest } from "../../state/matching";
import type { Scene } from "../../state/scene";
import type { Ref } from "../../state/state";
import {
  clock,
  connection,
  decisions,
  dispatch,
  filter,
  hasExpired,
  hasScene,
  picture,
  scene,
  selection,
  theme,
} from "../../state/store";
import { nodeCard } from "./card";
import { emptyHint } from "./empty";
import { filterBar } from "./filter-bar";
import { endLesson, judge, judging, verdictFor } from "./flourish";
import { lane } from "./lane";
import { drawLinks } from "./links";
import { podTemplate, type NodeList } from "./list";
import "./list";
import type { NodeMap } from "./map";
import "./map";
import { openRefMenu } from "./pod-menu";
import { shelf } from "./shelf";
import { controlPlane, glow } from "./strip";
import { Pointing } from "./pointing";
import type { Tip } from "./tip";
import "./tip";
import { lanePlaces, travel } from "./travel";

const QUEUE_SHOWN_AFTER_MS = 400;
const MOVING_MS = 400;
const NARROW = 720;
const NOTHING_LINKED: ReadonlySet<string> = new Set();

let lastModel: Model = EMPTY_MODEL;
let lastScene: Scene | null = null;

export const model = computed(() => {
  const now = scene.value;
  lastModel = buildModel(now, lastModel, lastScene);
  lastScene = now;
  return lastModel;
});

export class ClusterPicture extends LiveElement {
  private readonly size = signal({ width: 0, height: 0 });
  private readonly showQueue = signal(false);
  private readonly tip = createRef<Tip>();
  private readonly pointing = new Pointing(this, () => this.tip.value);
  private readonly links = computed(() =>
    linksOf(scene.value, this.pointing.pointed.value ?? selection.value),
  );
  private readonly test = computed(() =>
    isFiltering(filter.value) ? podTest(filter.value) : null,
  );
  private readonly layout = computed<Layout | null>(() => this.layoutNow());
  private readonly lineCanvas = createRef<SVGSVGElement>();
  private readonly list = createRef<NodeList>();
  private readonly map = createRef<NodeMap>();
  private readonly laneHost = createRef<HTMLElement>();
  private observer: ResizeObserver | undefined;
  private queueTimer: ReturnType<typeof setTimeout> | undefined;
  private moveTimer: ReturnType<typeof setTimeout> | undefined;
  private shownRef: Ref | null = null;
  private shownModel: Model = EMPTY_MODEL;
  private shownComponents = {};
  private lastDecision = 0;
  private lanes = new Map<string, DOMRect>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch(() => this.watchQueue());
    this.watch(() => this.watchDecisions());
    this.watch(() => endLesson(isLesson(clock.value)));
    this.pointing.listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    clearTimeout(this.queueTimer);
    clearTimeout(this.moveTimer);
  }

  private layoutNow(): Layout | null {
    const { width, height } = this.size.value;
    if (width < 40 || model.value.cards.length === 0) return null;
    const isNarrow = innerWidth <= NARROW;
    return layoutNodes(
      { width, height: Math.max(height, 120), canScroll: isNarrow },
      model.value.cards.map((card) => card.pods.length),
    );
  }

  private watchQueue(): void {
    const hasQueue = model.value.waiting.some((group) => group.isQueue);
    const isStill = isLesson(clock.value);
    clearTimeout(this.queueTimer);
    if (!hasQueue) this.showQueue.value = false;
    else if (isStill) this.showQueue.value = true;
    else {
      this.queueTimer = setTimeout(() => (this.showQueue.value = true), QUEUE_SHOWN_AFTER_MS);
    }
  }

  private watchDecisions(): void {
    const latest = decisions.value.at(-1);
    if (!latest || latest.number === this.lastDecision) return;
    this.lastDecision = latest.number;
    judge(latest, isLesson(peekState().clock));
  }

  protected override render(): TemplateResult {
    const shown = model.value;
    const layout = this.layout.value;
    const isList = picture.value === "list";
    const isAway = ["reconnecting", "asleep", "gone"].includes(connection.value);
    return html`
      <div class="strip">
        ${controlPlane(scene.value.components, this.queued(shown))}
        ${filterBar(filter.value, picture.value)}
      </div>
      <div class="lane-host" ${ref(this.laneHost)}>
        ${isList ? this.waitingList(shown) : lane(this.laneLook(shown))}
      </div>
      <div
        class="yard ${isAway || hasExpired.value ? "away" : ""} ${isList ? "as-list" : ""}"
        role="region"
        aria-label="Nodes and pods"
        tabindex=${isList ? "0" : nothing}
      >
        ${hasScene.value ? this.yard(shown, layout, isList) : waitingForScene()}
      </div>
      ${isList || !hasScene.value ? nothing : this.below(layout)}
      <svg class="links" aria-hidden="true" ${ref(this.lineCanvas)}></svg>
      <py-tip ${ref(this.tip)}></py-tip>
    `;
  }

  private queued(shown: Model): number {
    return shown.waiting.find((group) => group.isQueue)?.pods.length ?? 0;
  }

  private laneLook(shown: Model) {
    return {
      model: shown,
      selectedPod: selection.value?.kind === "pod" ? selection.value.key : "",
      test: this.test.value,
      showQueue: this.showQueue.value,
    };
  }

  private yard(shown: Model, layout: Layout | null, isList: boolean): TemplateResult {
    if (shown.cards.length === 0) {
      return html`<p class="yard-note">
        This cluster has no nodes. Create one, and a kubelet comes with it.
      </p>`;
    }
    if (isList) return html`<py-node-list class="list" ${ref(this.list)}></py-node-list>`;
    if (!layout) return html``;
    if (layout.mode === "packed") {
      return html`<py-node-map ${ref(this.map)}></py-node-map
        ><py-node-list class="twin" ${ref(this.list)}></py-node-list>`;
    }
    return this.cards(shown, layout);
  }

  private cards(shown: Model, layout: Extract<Layout, { mode: "cards" }>): TemplateResult {
    const chosen = selection.value;
    const test = this.test.value;
    const linked = this.linkedKeys();
    const shownJudging = judging.value;
    return html`<ul
      class="cards"
      data-testid="nodes"
      aria-label="Nodes"
      style="height:${layout.height}px"
    >
      ${repeat(
        shown.cards,
        (card) => card.node.name,
        (card, index) => {
          const verdict = verdictFor(shownJudging, card.node.name);
          const isSelected = chosen?.kind === "node" && chosen.key === card.node.name;
          const pod = chosen?.kind === "pod" ? peekState().scene.pods.get(chosen.key) : undefined;
          const selectedPod = pod?.node === card.node.name ? pod.key : "";
          return guard(
            [card, index, layout, shown.hues, verdict?.text, isSelected, selectedPod, test, linked],
            () =>
              nodeCard(card, {
                index,
                layout,
                hues: shown.hues,
                verdict,
                isLesson: shownJudging?.isLesson ?? false,
                isSelected,
                selectedPod,
                test,
                linked,
              }),
          );
        },
      )}
    </ul>`;
  }

  private linkedKeys(): ReadonlySet<string> {
    const links = this.links.value;
    if (links.length === 0 || (this.pointing.pointed.value ?? selection.value)?.kind === "pod") {
      return NOTHING_LINKED;
    }
    return new Set(links.map((link) => link.pod));
  }

  private waitingList(shown: Model): TemplateResult {
    const look = { test: this.test.value, selectedKey: this.selectedKey() };
    return html`<section
      class="list-waiting ${shown.waiting.length ? "" : "absent"}"
      aria-label="Waiting pods"
      data-testid="waiting"
    >
      ${shown.waiting.map(
        (group) =>
          html`<h2 class="list-reason">${group.reason}</h2>
            <ul class="list-pods">
              ${group.pods.map((pod) => podTemplate(pod, look, shown.hues))}
            </ul>`,
      )}
    </section>`;
  }

  private below(layout: Layout | null): TemplateResult {
    return html`${emptyHint(scene.value)}
    ${shelf({
      scene: scene.value,
      hues: model.value.hues,
      filter: filter.value,
      selection: selection.value,
      isTight: layout !== null && (layout.mode === "packed" || layout.density !== "full"),
    })}`;
  }

  private lines(): TemplateResult[] {
    const links: readonly Link[] = this.links.value;
    if (links.length === 0 || picture.value === "list" || !this.isConnected) return [];
    const map = this.map.value;
    const box = map?.getBoundingClientRect();
    const origin = this.getBoundingClientRect();
    return drawLinks(
      this,
      links,
      map && box
        ? (key) => {
            const spot = map.anchor(key);
            return spot && { x: spot.x + box.left - origin.left, y: spot.y + box.top - origin.top };
          }
        : null,
    );
  }

  private selectedKey(): string {
    return selection.value ? `${selection.value.kind}/${selection.value.key}` : "";
  }

  protected override willUpdate(): void {
    this.lanes = lanePlaces(this.laneHost.value);
    const before = this.shownModel.cards.length;
    if (before > 0 && before !== model.peek().cards.length) this.letCardsMove();
  }

  /** Cards glide to their new places when a node comes or goes, not when the window changes. */
  private letCardsMove(): void {
    this.classList.add("moving");
    clearTimeout(this.moveTimer);
    this.moveTimer = setTimeout(() => this.classList.remove("moving"), MOVING_MS);
  }

  protected override updated(): void {
    this.observe();
    this.showParts();
    const shown = model.peek();
    const fresh = this.newcomers(shown);
    if (fresh.length) travel(this, fresh, this.lanes, judging.peek()?.isLesson ?? false);
    this.shownModel = shown;
    glow(this.firstElementChild, this.shownComponents, scene.peek().components);
    this.shownComponents = scene.peek().components;
    this.pointing.stop.keep();
    this.showChosenChip();
    const canvas = this.lineCanvas.value;
    if (canvas) render(svg`${this.lines()}`, canvas as unknown as HTMLElement);
  }

  /** A chosen chip comes into view in its row. */
  private showChosenChip(): void {
    const chosen = selection.peek();
    if (chosen === this.shownRef) return;
    this.shownRef = chosen;
    this.querySelector(".chip.selected")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Hands the model to the parts that draw by themselves. */
  private showParts(): void {
    const layout = this.layout.peek();
    this.list.value?.show({
      model: model.value,
      test: this.test.value,
      selectedKey: this.selectedKey(),
    });
    const map = this.map.value;
    if (!map || layout?.mode !== "packed") return;
    map.onPoint = (one, rect) => this.pointing.point(one, rect);
    map.onChoose = (one) => dispatch({ type: "select", selection: one });
    map.onMenu = (one, x, y) => openRefMenu(one, { x, y });
    map.show({
      model: model.value,
      layout,
      width: this.size.value.width,
      test: this.test.value,
      selection: selection.value,
      focusedKey: this.pointing.focusedKey.value,
      theme: theme.value,
    });
  }

  /** Pods that were not on their card the last time the page was drawn. */
  private newcomers(shown: Model): string[] {
    if (this.shownModel.cards.length === 0 || this.layout.peek()?.mode !== "cards") return [];
    const before = new Map(this.shownModel.cards.map((card) => [card.node.name, card]));
    const fresh: string[] = [];
    for (const card of shown.cards) {
      const was = before.get(card.node.name);
      if (!was || was.pods === card.pods) continue;
      const known = new Set(was.pods.map((pod) => pod.key));
      for (const pod of card.pods) if (!known.has(pod.key)) fresh.push(pod.key);
    }
    return fresh;
  }

  private observe(): void {
    if (this.observer) return;
    const yard = this.querySelector(".yard");
    if (!yard) return;
    this.observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      const before = this.size.peek();
      if (Math.abs(before.width - width) < 1 && Math.abs(before.height - height) < 1) return;
      this.size.value = { width: Math.floor(width), height: Math.floor(height) };
    });
    this.observer.observe(yard);
  }
}

customElements.define("py-picture", ClusterPicture);

function waitingForScene(): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true">
      ${[0, 1, 2].map(() => html`<span class="skeleton-card"></span>`)}
    </div>
    <p class="hidden-text">The cluster is being brought up.</p>`;
}
