/** What it would do: sentences, the picture before and after, and the numbers behind them. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import refresh from "lucide-static/icons/refresh-cw.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { bytes, cpu, plural, span } from "../words";
import { loadEffect } from "./acts";
import type { Effect, EffectPod, PodFate, Two } from "./api";
import { sentences, signed } from "./effect";
import "./forecast-picture";
import { state } from "./store";

const FATES: readonly [fate: PodFate, words: string][] = [
  ["created", "Created"],
  ["pending", "Without a node"],
  ["failed", "Not running"],
  ["moved", "Moved"],
  ["evicted", "Pushed off"],
  ["deleted", "Gone"],
];
const PODS_SHOWN = 12;

export class EffectView extends LiveElement {
  private readonly isBefore = signal(false);

  protected override render(): TemplateResult {
    const { one, effect, effectProblem } = state.value;
    if (effectProblem) {
      return html`<p class="desk-note" role="alert">${effectProblem}</p>`;
    }
    if (!effect) {
      return html`<p class="desk-note" role="status">
        Trying it on a copy of the cluster, and letting time run there.
      </p>`;
    }
    return html`<div class="effect" data-testid="effect">
      ${
        one?.state === "applied"
          ? html`<p class="text-cut">It has been applied. This is what was forecast.</p>`
          : nothing
      }
      <div class="effect-head">
        <ul class="effect-sentences">
          ${sentences(effect).map(
            (one) => html`<li class="effect-sentence ${one.tone}">${one.text}</li>`,
          )}
        </ul>
        <button
          type="button"
          class="button quiet"
          title="The cluster may have changed meanwhile"
          @click=${() => void loadEffect(true)}
        >
          ${icon(refresh, "small")}Try again
        </button>
      </div>
      <div class="effect-picture">
        <div class="text-head">
          <div class="segment" role="group" aria-label="The cluster">
            ${this.momentButton(true, "Before")} ${this.momentButton(false, "After")}
          </div>
          <span class="severity-none">${pictureWords(effect, this.isBefore.value)}</span>
        </div>
        <py-forecast .effect=${effect} .isBefore=${this.isBefore.value}></py-forecast>
      </div>
      ${podsTemplate(effect)} ${tablesTemplate(effect)}
      <p class="effect-foot">
        Forecast on a copy of the cluster, ${span(effect.seconds * 1000)} ahead. The cluster itself
        was not touched.
      </p>
    </div>`;
  }

  private momentButton(isBefore: boolean, words: string): TemplateResult {
    return html`<button
      type="button"
      class="segment-item"
      aria-pressed=${this.isBefore.value === isBefore ? "true" : "false"}
      @click=${() => (this.isBefore.value = isBefore)}
    >
      ${words}
    </button>`;
  }
}

customElements.define("py-effect", EffectView);

function pictureWords(effect: Effect, isBefore: boolean): string {
  const { created, moved, deleted, evicted } = effect.pods;
  if (isBefore) {
    const count = (deleted?.length ?? 0) + (evicted?.length ?? 0) + (moved?.length ?? 0);
    return count ? `Outlined: ${plural(count, "pod")} that would go or move` : "";
  }
  const count = (created?.length ?? 0) + (moved?.length ?? 0);
  return count ? `Outlined: ${plural(count, "pod")} new or moved` : "";
}

function podsTemplate(effect: Effect): TemplateResult | typeof nothing {
  const shown = FATES.filter(([fate]) => effect.pods[fate]?.length);
  if (!shown.length) return nothing;
  return html`<section class="effect-part" aria-label="Pods">
    <h2>Pods</h2>
    <div class="effect-pods">
      ${shown.map(([fate, words]) => {
        const pods = effect.pods[fate];
        return html`<div class="effect-fate">
          <h3>${words} <b>${pods.length}</b></h3>
          <ul>
            ${pods.slice(0, PODS_SHOWN).map((pod) => podTemplate(pod, fate))}
            ${
              pods.length > PODS_SHOWN
                ? html`<li class="muted">and ${pods.length - PODS_SHOWN} more</li>`
                : nothing
            }
          </ul>
        </div>`;
      })}
    </div>
  </section>`;
}

function podTemplate(pod: EffectPod, fate: PodFate): TemplateResult {
  const place =
    fate === "moved" ? `${pod.from} → ${pod.node}` : pod.node;
  const why = fate === "created" ? "" : pod.message || pod.reason;
  return html`<li>
    <code>${pod.name}</code> <span class="muted">${place}</span>
    ${why ? html`<span class="effect-why">${why}</span>` : nothing}
  </li>`;
}

function tablesTemplate(effect: Effect): TemplateResult {
  return html`<div class="effect-tables">
    ${table(
      "Requested",
      ["", "Before", "After", "Change"],
      [
        ["cpu", ...twoCells(effect.cost.cpu_milli, cpu)],
        ["memory", ...twoCells(effect.cost.memory_bytes, bytes)],
      ],
    )}
    ${table(
      "Workloads",
      ["", "Wanted", "Ready"],
      effect.workloads.map((one) => [
        `${one.kind} ${one.name}`,
        arrow(one.wanted),
        arrow(one.ready),
      ]),
    )}
    ${table(
      "Services",
      ["", "Endpoints"],
      effect.services.map((one) => [one.name, arrow(one.endpoints)]),
    )}
    ${table(
      "Quotas",
      ["", "Resource", "Used", "Of", "Left"],
      effect.quotas.map((one) => [
        `${one.namespace}/${one.name}`,
        one.resource,
        `${one.used.before} → ${one.used.after}`,
        one.hard,
        one.left,
      ]),
    )}
    ${table(
      "Nodes",
      ["", "Pods", "cpu", "Memory"],
      effect.nodes.map((one) => [
        one.name,
        arrow(one.pods),
        share(one.cpu_milli),
        share(one.memory_bytes),
      ]),
    )}
    ${table(
      "Warnings",
      ["", "Reason", "What", "Times"],
      effect.warnings.map((one) => [
        `${one.kind} ${one.name}`,
        one.reason,
        one.message,
        String(one.count),
      ]),
    )}
  </div>`;
}

function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): TemplateResult | typeof nothing {
  if (!rows.length) return nothing;
  return html`<section class="effect-part">
    <h2 id="effect-${title}">${title}</h2>
    <div class="effect-scroll">
      <table aria-labelledby="effect-${title}">
        <thead>
          <tr>
            ${head.map((words, at) =>
              at === 0
                ? html`<td></td>`
                : html`<th scope="col">${words}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([first, ...rest]) =>
              html`<tr>
                <th scope="row">${first}</th>
                ${rest.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function twoCells(two: Two, show: (value: number) => string): string[] {
  const change = two.after - two.before;
  return [show(two.before), show(two.after), change ? signed(change, show) : "none"];
}

function arrow({ before, after }: Two): string {
  return before === after ? String(after) : `${before} → ${after}`;
}

function share(of: Two & { allocatable: number }): string {
  const words = (value: number) =>
    of.allocatable ? `${Math.round((value / of.allocatable) * 100)} %` : "none";
  return of.before === of.after ? words(of.after) : `${words(of.before)} → ${words(of.after)}`;
}
