/** What changed between two scenes, in a sentence for the live region. Pure. */
import { STATES } from "../kinds/states";
import type { PodState, ScenePod } from "../protocol/frames";
import type { Scene } from "../state/scene";
import { plural, podSentence } from "../words";

/** States worth saying when a pod comes into them. */
const SAID = new Set<PodState>(["running", "failing", "failed", "succeeded", "waiting"]);
const NAMED_MAX = 3;

export function announcement(before: Scene, after: Scene): string {
  const changed: ScenePod[] = [];
  if (before.pods !== after.pods) {
    for (const pod of after.pods.values()) {
      const was = before.pods.get(pod.key);
      if (was === pod || !SAID.has(pod.state)) continue;
      if (was?.state !== pod.state) changed.push(pod);
    }
  }
  const parts = [...podParts(changed), ...goneParts(before, after), ...nodeParts(before, after)];
  return parts.join(". ");
}

function podParts(changed: readonly ScenePod[]): string[] {
  if (changed.length <= NAMED_MAX) return changed.map(podSentence);
  const counts = new Map<PodState, number>();
  for (const pod of changed) counts.set(pod.state, (counts.get(pod.state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${plural(count, "pod")} ${STATES[state].word}`);
}

function goneParts(before: Scene, after: Scene): string[] {
  if (before.pods === after.pods) return [];
  const gone = [...before.pods.values()].filter((pod) => !after.pods.has(pod.key));
  if (gone.length > NAMED_MAX) return [`${plural(gone.length, "pod")} gone`];
  return gone.map((pod) => `${pod.name} is gone`);
}

function nodeParts(before: Scene, after: Scene): string[] {
  if (before.nodes === after.nodes) return [];
  const parts: string[] = [];
  for (const node of after.nodes.values()) {
    const was = before.nodes.get(node.name);
    if (was && was.ready !== node.ready) {
      parts.push(`${node.name} is ${node.ready ? "ready" : "not ready"}`);
    }
  }
  return parts.length > NAMED_MAX ? [`${plural(parts.length, "node")} changed`] : parts;
}
