/** What a submission would do, in sentences, and the cluster before it. Pure. */
import type { ScenePod } from "../protocol/frames";
import { sceneOf, type Scene } from "../state/scene";
import { bytes, cpu, plural, span } from "../words";
import type { Effect, EffectPod, PodFate } from "./api";

export interface Sentence {
  text: string;
  tone: "plain" | "good" | "bad" | "wait";
}

const FATES: readonly [fate: PodFate, words: string, tone: Sentence["tone"]][] = [
  ["created", "would be created", "good"],
  ["moved", "would move to another node", "wait"],
  ["evicted", "would be pushed off its node", "bad"],
  ["deleted", "would go", "plain"],
  ["pending", "would find no node", "bad"],
  ["failed", "would not run", "bad"],
];

export function sentences(effect: Effect): Sentence[] {
  const found: Sentence[] = [];
  const refused = effect.applied.filter((one) => one.outcome === "refused");
  for (const one of refused) {
    found.push({
      text: `The cluster would refuse ${one.kind} ${one.name}: ${one.message}`,
      tone: "bad",
    });
  }
  for (const [fate, words, tone] of FATES) {
    const pods = effect.pods[fate] ?? [];
    if (pods.length) {
      const their = pods.length > 1 ? words.replace("its node", "their nodes") : words;
      found.push({ text: `${plural(pods.length, "pod")} ${their}${because(pods)}.`, tone });
    }
  }
  for (const one of effect.services) {
    const { before, after } = one.endpoints;
    if (one.change === "lost-all") {
      found.push({ text: `Service ${one.name} would have nobody left to answer.`, tone: "bad" });
    } else if (one.change === "lost") {
      const text = `Service ${one.name} would go from ${before} to ${after} endpoints.`;
      found.push({ text, tone: "wait" });
    } else if (after > before) {
      const text = `Service ${one.name} would have ${plural(after, "endpoint")}.`;
      found.push({ text, tone: "good" });
    }
  }
  found.push(...costSentences(effect));
  if (!found.length) found.push({ text: "Nothing that runs would change.", tone: "plain" });
  if (!effect.is_quiet) {
    const text = `After ${span(effect.seconds * 1000)} it would still not have come to rest.`;
    found.push({ text, tone: "wait" });
  }
  return found;
}

/** The one reason that all of them have. */
function because(pods: readonly EffectPod[]): string {
  const reasons = new Set(pods.map((pod) => pod.message || pod.reason).filter(Boolean));
  const [only] = reasons;
  return reasons.size === 1 && only ? `: ${only.replace(/\.$/, "")}` : "";
}

function costSentences(effect: Effect): Sentence[] {
  const { cpu_milli, memory_bytes } = effect.cost;
  const parts: string[] = [];
  const cpuChange = cpu_milli.after - cpu_milli.before;
  const memoryChange = memory_bytes.after - memory_bytes.before;
  if (cpuChange) parts.push(`${signed(cpuChange, cpu)} cpus`);
  if (memoryChange) parts.push(`${signed(memoryChange, bytes)} of memory`);
  return parts.length
    ? [{ text: `Requested in all: ${parts.join(" and ")}.`, tone: "plain" }]
    : [];
}

/** "+0.5", "−2" */
export function signed(value: number, show: (value: number) => string): string {
  return `${value < 0 ? "−" : "+"}${show(Math.abs(value))}`;
}

/** The cluster afterwards. */
export function sceneAfter(effect: Effect): Scene {
  return sceneOf(effect.scene);
}

/** The cluster as it is: afterwards without what came, with what went and moved put back. */
export function sceneBefore(effect: Effect): Scene {
  const pods: Record<string, ScenePod> = { ...effect.scene.pods };
  const fates = effect.pods;
  for (const pod of fates.created ?? []) delete pods[keyOf(pod)];
  for (const pod of fates.moved ?? []) {
    const known = pods[keyOf(pod)];
    if (known && pod.from) pods[keyOf(pod)] = { ...known, node: pod.from };
  }
  for (const pod of [...(fates.deleted ?? []), ...(fates.evicted ?? [])]) {
    pods[keyOf(pod)] = {
      key: keyOf(pod),
      namespace: pod.namespace,
      name: pod.name,
      phase: "Running",
      state: "running",
      ...(pod.node ? { node: pod.node } : {}),
      ...ownerOf(pod),
    };
  }
  const nodes = Object.fromEntries(
    Object.entries(effect.scene.nodes ?? {}).map(([name, node]) => {
      const own = effect.nodes.find((one) => one.name === name);
      if (!own) return [name, node];
      const requested = {
        cpu: { ...node.cpu, requested: own.cpu_milli.before, used: 0 },
        memory: { ...node.memory, requested: own.memory_bytes.before, used: 0 },
      };
      return [name, { ...node, ...requested }];
    }),
  );
  return sceneOf({ ...effect.scene, pods, nodes });
}

function ownerOf(pod: EffectPod): Pick<ScenePod, "owner"> {
  const [kind, name] = pod.owner.split("/");
  return kind && name ? { owner: { kind, name } } : {};
}

function keyOf(pod: EffectPod): string {
  return `${pod.namespace}/${pod.name}`;
}

/** Keys of the pods that are new, moved or in trouble afterwards. */
export function touched(effect: Effect): ReadonlySet<string> {
  const { created, moved, pending, failed } = effect.pods;
  return new Set(
    [...(created ?? []), ...(moved ?? []), ...(pending ?? []), ...(failed ?? [])].map(keyOf),
  );
}

/** Keys of the pods that are there now and would be gone or elsewhere. */
export function leaving(effect: Effect): ReadonlySet<string> {
  const { deleted, moved, evicted } = effect.pods;
  return new Set([...(deleted ?? []), ...(moved ?? []), ...(evicted ?? [])].map(keyOf));
}
