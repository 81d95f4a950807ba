/**
 * The model of the picture: which cards, which tiles, what waits and why. Pure; the last model is
 * handed back in so that everything that did not change stays the same object and is not drawn.
 */
import { assignHues, workloadOf, type Hues } from "../kinds/hue";
import type { SceneNode, ScenePod } from "../protocol/frames";
import type { Scene } from "../state/scene";
import { waitingReason } from "../words";

export interface Card {
  readonly node: SceneNode;
  /** Oldest first. */
  readonly pods: readonly ScenePod[];
}

export interface WaitingGroup {
  readonly reason: string;
  readonly pods: readonly ScenePod[];
  /** Waits for its turn only; nothing is wrong. */
  readonly isQueue: boolean;
}

export interface Model {
  readonly cards: readonly Card[];
  readonly waiting: readonly WaitingGroup[];
  readonly hues: Hues;
  readonly podsPerCardMax: number;
}

export const EMPTY_MODEL: Model = {
  cards: [],
  waiting: [],
  hues: new Map(),
  podsPerCardMax: 0,
};

const NO_PODS: readonly ScenePod[] = [];
/** Beyond this many pods hues are only added to, so that a frame costs what changed. */
const HUE_PODS_MAX = 2000;
export const QUEUE = "waiting for the scheduler";

export function buildModel(scene: Scene, before: Model, seen: Scene | null): Model {
  const cards = buildCards(scene, before);
  let podsPerCardMax = 0;
  for (const card of cards) podsPerCardMax = Math.max(podsPerCardMax, card.pods.length);
  return {
    cards,
    waiting: seen && !waitingChanged(scene, seen) ? before.waiting : groupWaiting(scene),
    hues: buildHues(scene, before.hues, seen),
    podsPerCardMax,
  };
}

function buildCards(scene: Scene, before: Model): readonly Card[] {
  if (!sameNames(scene, before.cards)) {
    const known = new Map(before.cards.map((card) => [card.node.name, card]));
    const nodes = [...scene.nodes.values()].sort((a, b) => compareNames(a.name, b.name));
    return nodes.map((node) => freshCard(scene, node, known.get(node.name)));
  }
  let isChanged = false;
  const cards = before.cards.map((card) => {
    const next = freshCard(scene, scene.nodes.get(card.node.name) as SceneNode, card);
    isChanged ||= next !== card;
    return next;
  });
  return isChanged ? cards : before.cards;
}

function sameNames(scene: Scene, cards: readonly Card[]): boolean {
  return (
    cards.length === scene.nodes.size && cards.every((card) => scene.nodes.has(card.node.name))
  );
}

function freshCard(scene: Scene, node: SceneNode, before: Card | undefined): Card {
  const pods = scene.placement.get(node.name) ?? NO_PODS;
  return before && before.node === node && before.pods === pods ? before : { node, pods };
}

function buildHues(scene: Scene, before: Hues, seen: Scene | null): Hues {
  if (seen?.placement === scene.placement) return before;
  if (scene.pods.size <= HUE_PODS_MAX) return assignHues(before, workloads(scene.pods.values()));
  const fresh = new Set<string>();
  for (const [place, pods] of scene.placement) {
    if (seen?.placement.get(place) === pods) continue;
    for (const pod of pods) {
      const workload = workloadOf(pod);
      if (!before.has(workload)) fresh.add(workload);
    }
  }
  return fresh.size ? assignHues(before, [...before.keys(), ...fresh]) : before;
}

function* workloads(pods: Iterable<ScenePod>): Iterable<string> {
  for (const pod of pods) yield workloadOf(pod);
}

function waitingChanged(scene: Scene, seen: Scene): boolean {
  return scene.placement.get("") !== seen.placement.get("") || scene.nodes !== seen.nodes;
}

/** Pods without a node, and pods whose node is no longer there, by reason. */
function groupWaiting(scene: Scene): WaitingGroup[] {
  const groups = new Map<string, ScenePod[]>();
  const add = (reason: string, pod: ScenePod) => {
    const group = groups.get(reason);
    if (group) group.push(pod);
    else groups.set(reason, [pod]);
  };
  for (const pod of scene.placement.get("") ?? NO_PODS) add(reasonOf(pod), pod);
  for (const [place, pods] of scene.placement) {
    if (place === "" || scene.nodes.has(place)) continue;
    for (const pod of pods) add(`their node ${place} is gone`, pod);
  }
  return [...groups]
    .map(([reason, pods]) => ({ reason, pods, isQueue: reason === QUEUE }))
    .sort((a, b) => Number(a.isQueue) - Number(b.isQueue) || b.pods.length - a.pods.length);
}

function reasonOf(pod: ScenePod): string {
  if (pod.waiting) return waitingReason(pod.waiting.message, pod.waiting.reason);
  return pod.state === "waiting" ? QUEUE : (pod.text ?? pod.state);
}

/** node-2 before node-10. */
export function compareNames(a: string, b: string): number {
  const first = /^(.*?)(\d+)$/.exec(a);
  const second = /^(.*?)(\d+)$/.exec(b);
  if (first && second && first[1] === second[1]) return Number(first[2]) - Number(second[2]);
  return a < b ? -1 : a > b ? 1 : 0;
}
