/** The cluster before or after, drawn with the cards of the workspace's own picture. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { LiveElement } from "../elements/live";
import { layoutNodes, type Layout } from "../graph/layout";
import { buildModel, EMPTY_MODEL, type Model } from "../graph/model";
import { assignHues, workloadOf } from "../kinds/hue";
import { nodeCard } from "../panels/picture/card";
import { tile } from "../panels/picture/tile";
import type { Effect } from "./api";
import { leaving, sceneAfter, sceneBefore, touched } from "./effect";

const HEIGHT = 260;
const NARROW = 720;
/** Beyond that many nodes the numbers below say more than a picture. */
const NODES_MAX = 48;
const TILE = 30;

export class Forecast extends LiveElement {
  static override properties = { effect: {}, isBefore: {} };
  declare effect: Effect;
  declare isBefore: boolean;

  private readonly width = signal(0);
  private observer: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(([entry]) => {
      if (entry) this.width.value = Math.floor(entry.contentRect.width);
    });
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  protected override render(): TemplateResult {
    const model = this.model();
    const outlined = this.isBefore ? leaving(this.effect) : touched(this.effect);
    const width = this.width.value;
    if (model.cards.length === 0) return html`<p class="desk-note">There are no nodes.</p>`;
    if (model.cards.length > NODES_MAX) {
      return html`<p class="desk-note">Too many nodes to draw: see the numbers below.</p>`;
    }
    const layout: Layout | null =
      width < 40
        ? null
        : layoutNodes(
            { width, height: HEIGHT, canScroll: width < NARROW },
            model.cards.map((card) => card.pods.length),
          );
    return html`${this.waiting(model, outlined)}
    ${layout?.mode === "cards" ? this.cards(model, layout, outlined) : nothing}`;
  }

  /** Hues of both moments, so that a workload keeps its colour. */
  private model(): Model {
    const after = sceneAfter(this.effect);
    const before = sceneBefore(this.effect);
    const workloads = [...before.pods.values(), ...after.pods.values()].map(workloadOf);
    const built = buildModel(this.isBefore ? before : after, EMPTY_MODEL, null);
    return { ...built, hues: assignHues(new Map(), workloads) };
  }

  private waiting(model: Model, outlined: ReadonlySet<string>): TemplateResult | typeof nothing {
    if (!model.waiting.length) return nothing;
    return html`<div class="forecast-waiting">
      ${model.waiting.map(
        (group) =>
          html`<p>${group.reason}</p>
            <ul style="--tile:${TILE}px">
              ${group.pods.map(
                (pod) =>
                  html`<li class="slot">
                    ${tile(pod, {
                      hue: model.hues.get(workloadOf(pod)) ?? 0,
                      size: TILE,
                      isSelected: false,
                      isDim: false,
                      isLinked: outlined.has(pod.key),
                      isFaded: false,
                    })}
                  </li>`,
              )}
            </ul>`,
      )}
    </div>`;
  }

  private cards(
    model: Model,
    layout: Extract<Layout, { mode: "cards" }>,
    outlined: ReadonlySet<string>,
  ): TemplateResult {
    return html`<ul class="cards" aria-label="Nodes" style="height:${layout.height}px">
      ${repeat(
        model.cards,
        (card) => card.node.name,
        (card, index) =>
          nodeCard(card, {
            index,
            layout,
            hues: model.hues,
            verdict: null,
            isLesson: false,
            isSelected: false,
            selectedPod: "",
            test: null,
            linked: outlined,
          }),
      )}
    </ul>`;
  }
}

customElements.define("py-forecast", Forecast);
