/** A node as a card: name, readiness, bars, its pods as tiles, and what the scheduler says. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import ban from "lucide-static/icons/ban.svg?raw";
import flag from "lucide-static/icons/flag.svg?raw";
import { icon } from "../../elements/icon";
import type { Card } from "../../graph/model";
import type { CardsLayout } from "../../graph/layout";
import { cardRect } from "../../graph/layout";
import { workloadOf, type Hues } from "../../kinds/hue";
import type { Amount, ScenePod } from "../../protocol/frames";
import type { PodTest } from "../../state/matching";
import { bytes, cpu, nodeLabel, plural, zoneWord } from "../../words";
import { tile } from "./tile";
import type { Verdict } from "./flourish";

export interface CardLook {
  index: number;
  layout: CardsLayout;
  hues: Hues;
  verdict: Verdict | null;
  isLesson: boolean;
  isSelected: boolean;
  selectedPod: string;
  test: PodTest | null;
  linked: ReadonlySet<string>;
}

export function nodeCard(card: Card, look: CardLook): TemplateResult {
  const { node } = card;
  const { layout } = look;
  const rect = cardRect(layout, look.index);
  const classes = [
    `card ${layout.density}`,
    node.ready ? "" : "unready",
    node.cordoned ? "cordoned" : "",
    look.isSelected ? "selected" : "",
    look.verdict ? look.verdict.tone : "",
    look.isLesson ? "lesson" : "",
  ].join(" ");
  const place = [
    `transform:translate(${rect.x}px,${rect.y}px)`,
    `width:${rect.width}px`,
    `height:${rect.height}px`,
    `--pad:${layout.padding}px`,
  ].join(";");
  return html`<li
    class=${classes}
    style=${place}
    data-testid="node"
    data-name=${node.name}
    data-ready=${node.ready ? "true" : "false"}
  >
    ${head(card)} ${bars(card, layout.density === "full")} ${pods(card, look)} ${foot(card, look)}
  </li>`;
}

function head(card: Card): TemplateResult {
  const { node } = card;
  const side = [...(node.roles ?? []), node.zone ? zoneWord(node.zone) : ""].filter(Boolean);
  return html`<div class="card-head">
    <button
      type="button"
      class="card-name"
      data-walk
      data-node-name=${node.name}
      tabindex="-1"
      aria-label=${nodeLabel(node, card.pods.length)}
    >
      <span class="card-light" aria-hidden="true"></span>${node.name}
    </button>
    <span class="card-side">${side.join(" · ")}</span>
  </div>`;
}

/** Taints and a cordon stand as small flags. */
function flags(card: Card): TemplateResult | typeof nothing {
  const { node } = card;
  const found: TemplateResult[] = [];
  if (node.cordoned) found.push(html`<span class="flag">${icon(ban, "small")}cordoned</span>`);
  for (const taint of node.taints ?? []) {
    if (taint.startsWith("node.kubernetes.io/")) continue;
    found.push(
      html`<span class="flag" title="taint ${taint}"
        >${icon(flag, "small")}${taintWord(taint)}</span
      >`,
    );
  }
  return found.length ? html`<div class="card-flags">${found}</div>` : nothing;
}

function taintWord(taint: string): string {
  return taint.replace(/:.*/, "").split("/").at(-1) ?? taint;
}

function bars(card: Card, hasNumbers: boolean): TemplateResult {
  const { node } = card;
  return html`<div class="card-bars">
    ${bar("cpu", node.cpu, cpu, hasNumbers)} ${bar("mem", node.memory, gigabytes, hasNumbers)}
  </div>`;
}

/** Gibibytes without the unit, which the axis says: 8.3 / 16. */
function gigabytes(count: number): string {
  return String(Number((count / 2 ** 30).toFixed(1)));
}

function bar(
  name: string,
  amount: Partial<Amount> | undefined,
  show: (value: number) => string,
  hasNumbers: boolean,
): TemplateResult {
  const allocatable = amount?.allocatable ?? 0;
  const requested = amount?.requested ?? 0;
  const used = amount?.used ?? 0;
  const share = (value: number) =>
    allocatable > 0 ? `${Math.min(100, (value / allocatable) * 100).toFixed(1)}%` : "0%";
  const words =
    name === "cpu"
      ? `${cpu(requested)} of ${cpu(allocatable)} cpus requested`
      : `${bytes(requested)} of ${bytes(allocatable)} memory requested`;
  return html`<div class="meter" title=${words}>
    ${hasNumbers ? html`<span class="meter-name">${name}</span>` : nothing}
    <span class="meter-track" style="--requested:${share(requested)};--used:${share(used)}"></span>
    ${
      hasNumbers
        ? html`<span class="meter-number">${show(requested)} / ${show(allocatable)}</span>`
        : nothing
    }
  </div>`;
}

function pods(card: Card, look: CardLook): TemplateResult {
  const { layout } = look;
  const isOver = card.pods.length > layout.tilesMax;
  const shown = isOver ? card.pods.slice(0, Math.max(0, layout.tilesMax - 1)) : card.pods;
  return html`<ul
    class="card-pods"
    aria-label="Pods on ${card.node.name}"
    style="--tile:${layout.tile}px;--tile-gap:${layout.tileGap}px"
  >
    ${repeat(
      shown,
      (pod) => pod.key,
      (pod) => html`<li class="slot">${podTile(pod, look)}</li>`,
    )}
    ${isOver ? html`<li class="slot more">+${card.pods.length - shown.length}</li>` : nothing}
  </ul>`;
}

function podTile(pod: ScenePod, look: CardLook): TemplateResult {
  return tile(pod, {
    hue: look.hues.get(workloadOf(pod)) ?? 0,
    size: look.layout.tile,
    isSelected: look.selectedPod === pod.key,
    isDim: look.test !== null && !look.test(pod),
    isLinked: look.linked.has(pod.key),
    isFaded: look.linked.size > 0 && !look.linked.has(pod.key),
  });
}

function foot(card: Card, look: CardLook): TemplateResult | typeof nothing {
  const { verdict } = look;
  if (look.layout.density !== "full") return verdict ? badge(verdict) : nothing;
  const count = card.node.pods?.allocatable;
  const marks = flags(card);
  const idle =
    marks !== nothing
      ? ""
      : count
        ? `${card.pods.length} of ${plural(count, "pod")}`
        : plural(card.pods.length, "pod");
  return html`<div class="card-foot">
    <span class="card-verdict">${verdict?.text ?? (card.node.ready ? idle : unready(card))}</span>
    ${verdict ? nothing : marks}
    ${verdict && verdict.score !== null ? scoreTemplate(verdict.score) : nothing}
  </div>`;
}

function unready(card: Card): string {
  return card.node.reason ? `not ready: ${card.node.reason}` : "not ready";
}

/** On a small card the verdict is a badge on its edge. */
function badge(verdict: Verdict): TemplateResult {
  return html`<span class="card-badge">
    ${
      verdict.score !== null ? scoreTemplate(verdict.score) : verdict.text.replace("rejected: ", "")
    }
  </span>`;
}

/** The number counts up by itself, in the style sheet. */
function scoreTemplate(score: number): TemplateResult {
  return html`<b class="score" style="--score:${Math.round(score)}"
    ><span class="hidden-text">${Math.round(score)}</span></b
  >`;
}
