/**
 * A workload's hue: taken from its name, so it is the same for everyone, and moved to the next
 * free one while another workload has it. Reds and ambers are left to the states.
 */
import type { ScenePod } from "../protocol/frames";

export const HUES = [250, 305, 205, 345, 148, 275, 228, 325, 180, 120] as const;

/** The grey of the cluster's own pods. */
export const SYSTEM_HUE = -1;

export type Hues = ReadonlyMap<string, number>;

/** The workload a pod belongs to, as a key; a pod of its own is its own workload. */
export function workloadOf(pod: ScenePod): string {
  const owner = pod.owner;
  return owner
    ? `${owner.kind}/${pod.namespace}/${owner.name}`
    : `Pod/${pod.namespace}/${pod.name}`;
}

/** Hues for all workloads; those that had one keep it. */
export function assignHues(before: Hues, workloads: Iterable<string>): Hues {
  const next = new Map<string, number>();
  const fresh: string[] = [];
  const taken = new Map<number, number>();
  const take = (workload: string, hue: number) => {
    next.set(workload, hue);
    taken.set(hue, (taken.get(hue) ?? 0) + 1);
  };
  for (const workload of new Set(workloads)) {
    const hue = before.get(workload);
    if (hue === undefined) fresh.push(workload);
    else take(workload, hue);
  }
  if (fresh.length === 0 && next.size === before.size) return before;
  for (const workload of fresh.sort()) take(workload, freeHue(workload, taken));
  return next;
}

function freeHue(workload: string, taken: ReadonlyMap<number, number>): number {
  if (workload.split("/")[1] === "kube-system") return SYSTEM_HUE;
  const start = hash(workload) % HUES.length;
  let best = HUES[start] as number;
  for (let step = 0; step < HUES.length; step += 1) {
    const hue = HUES[(start + step) % HUES.length] as number;
    if (!taken.get(hue)) return hue;
    if ((taken.get(hue) ?? 0) < (taken.get(best) ?? 0)) best = hue;
  }
  return best;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
