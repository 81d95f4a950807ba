/** What the page says, in sentences a colleague would say. Pure functions from scene to words. */
import { STATES } from "./kinds/states";
import type { SceneNode, ScenePod, SceneWorkload, TimelineEntry } from "./protocol/frames";

/** "redis is pulling image redis on node-2." */
export function podSentence(pod: ScenePod): string {
  const what = pod.waiting ? waitingSentence(pod) : (pod.text ?? `is ${STATES[pod.state].word}`);
  const where = pod.node && !pod.text?.includes(pod.node) ? ` on ${pod.node}` : "";
  const separator = /^(is|has|keeps|cannot|was|will|waits) /.test(what) ? " " : ": ";
  return `${pod.name}${separator}${withoutStop(what)}${where}`;
}

/** The short label of a pod for assistive technology. */
export function podLabel(pod: ScenePod): string {
  const [ready, total] = pod.ready ?? [0, 0];
  const parts = [`${pod.name}, ${STATES[pod.state].word}`];
  if (pod.node) parts.push(`on ${pod.node}`);
  if (total) parts.push(`${ready} of ${total} ready`);
  if (pod.restarts) parts.push(plural(pod.restarts, "restart"));
  return parts.join(", ");
}

/** "node-1 is ready, 3 pods, zone a" */
export function nodeLabel(node: SceneNode, podCount: number): string {
  const parts = [`${node.name}, ${node.ready ? "ready" : "not ready"}`];
  if (node.cordoned) parts.push("cordoned");
  if (node.zone) parts.push(zoneWord(node.zone));
  parts.push(plural(podCount, "pod"));
  return parts.join(", ");
}

export function nodeSentence(node: SceneNode): string {
  if (!node.ready) return `${node.name} is not ready: ${withoutStop(node.reason ?? "unknown")}`;
  if (node.cordoned) return `${node.name} is cordoned: it keeps its pods and takes no new ones`;
  return `${node.name} is ready for pods`;
}

export function zoneWord(zone: string): string {
  return /^zone\b/i.test(zone) ? zone : `zone ${zone}`;
}

const AVAILABLE = /^(\d+)\/(\d+) nodes are available:?\s*/;

export interface Obstacle {
  count: number;
  reason: string;
}

/** The obstacles in the scheduler's message: "0/3 nodes are available: 3 Insufficient cpu. …" */
export function obstacles(message: string): { total: number; obstacles: Obstacle[] } {
  const head = AVAILABLE.exec(message);
  if (!head) return { total: 0, obstacles: [] };
  const body = message.slice(head[0].length).split(/\. (?:preemption|no new claims)/)[0] ?? "";
  const found = body
    .split(/, (?=\d+ )/)
    .map((part) => /^(\d+) (.*?)\.?$/s.exec(part.trim()))
    .filter((match) => match !== null)
    .map((match) => ({ count: Number(match[1]), reason: match[2] ?? "" }));
  return { total: Number(head[2]), obstacles: found };
}

/** "Insufficient cpu on 3 of 3 nodes"; the whole message when it is none of the scheduler's. */
export function waitingReason(message: string, reason = ""): string {
  const { total, obstacles: found } = obstacles(message);
  if (found.length) {
    return [...found]
      .sort((a, b) => b.count - a.count)
      .map((one, index) => {
        const place = index === 0 ? `${one.count} of ${plural(total, "node")}` : one.count;
        return `${obstacleWords(one.reason)} on ${place}`;
      })
      .join(", ");
  }
  if (reason === "SchedulingGated") return "held back by its scheduling gates";
  if (AVAILABLE.test(message)) return "there are no nodes to choose from";
  return withoutStop(message) || "waiting for the scheduler";
}

/** An obstacle that stands on some nodes, in few words. */
function obstacleWords(reason: string): string {
  const words: [RegExp, string][] = [
    [/unschedulable/, "cordoned"],
    [/node affinity|node selector/, "node affinity not met"],
    [/anti-affinity/, "pod anti-affinity not met"],
    [/pod affinity/, "pod affinity not met"],
    [/topology spread/, "topology spread not met"],
    [/free ports/, "host port taken"],
  ];
  const taint = /untolerated taint(?:\(s\))?\s*\{?([^:}]*)/.exec(reason)?.[1]?.trim();
  if (taint) return `taint ${taint} not tolerated`;
  return words.find(([pattern]) => pattern.test(reason))?.[1] ?? withoutStop(reason);
}

/** "no node has 64 cpus free" when that is all that is wrong; else the obstacles. */
export function waitingFor(pod: ScenePod): string {
  const { message = "", reason = "" } = pod.waiting ?? {};
  const { total, obstacles: found } = obstacles(message);
  const [only] = found;
  if (found.length === 1 && only?.count === total) {
    if (only.reason === "Insufficient cpu" && pod.cpu) {
      return `no node has ${cpu(pod.cpu)} cpus free`;
    }
    if (only.reason === "Insufficient memory" && pod.memory) {
      return `no node has ${bytes(pod.memory)} of memory free`;
    }
  }
  return waitingReason(message, reason);
}

function waitingSentence(pod: ScenePod): string {
  const words = waitingFor(pod);
  return words.startsWith("waiting for") ? `is ${words}` : `is waiting: ${words}`;
}

/** A rejection in few words, to stand on a card: "Insufficient cpu", "taint gpu". */
export function shortReason(reason: string): string {
  const taint = /untolerated taint(?:\(s\))?\s*\{?([^:}]*)/.exec(reason);
  if (taint) return taint[1]?.trim() ? `taint ${taint[1].trim().split("/").at(-1)}` : "taint";
  if (/unschedulable/.test(reason)) return "cordoned";
  if (/node affinity|node selector/.test(reason)) return "node affinity";
  if (/anti-affinity/.test(reason)) return "pod anti-affinity";
  if (/pod affinity/.test(reason)) return "pod affinity";
  if (/topology spread/.test(reason)) return "topology spread";
  if (/free ports/.test(reason)) return "port taken";
  if (/Too many pods/.test(reason)) return "Too many pods";
  return withoutStop(reason);
}

/** What is most free on one node, in words that answer "what would make it fit?". */
export function fitAdvice(pod: ScenePod, nodes: Iterable<SceneNode>): string[] {
  const message = pod.waiting?.message ?? "";
  const advice: string[] = [];
  const ready = [...nodes].filter((node) => node.ready && !node.cordoned);
  if (/Insufficient cpu/.test(message)) {
    advice.push(freeAdvice(pod, ready, "cpu", (value) => `${cpu(value)} cpus`));
  }
  if (/Insufficient memory/.test(message)) {
    advice.push(freeAdvice(pod, ready, "memory", (value) => bytes(value)));
  }
  if (/taint/.test(message)) {
    advice.push("A node has a taint it does not tolerate: add a toleration, or remove the taint.");
  }
  if (/affinity|selector/.test(message)) {
    advice.push("No node matches its node selector or affinity: label a node, or loosen the rule.");
  }
  if (/unschedulable/.test(message)) advice.push("A node is cordoned: uncordon it to let pods in.");
  if (/topology spread/.test(message)) {
    advice.push(
      "Its spread constraint allows no node: allow more skew, or add a node in another zone.",
    );
  }
  if (/free ports/.test(message)) advice.push("Its host port is taken on every node.");
  if (/persistentvolumeclaim|PersistentVolume/i.test(message)) {
    advice.push("It needs a volume that is not there: create the claim, or a volume that fits it.");
  }
  if (pod.waiting?.reason === "SchedulingGated") {
    advice.push("Remove the gates in spec.schedulingGates.");
  }
  return advice;
}

function freeAdvice(
  pod: ScenePod,
  nodes: readonly SceneNode[],
  what: "cpu" | "memory",
  show: (value: number) => string,
): string {
  let best: SceneNode | null = null;
  let most = -1;
  for (const node of nodes) {
    const free = (node[what]?.allocatable ?? 0) - (node[what]?.requested ?? 0);
    if (free > most) [best, most] = [node, free];
  }
  const asks = pod[what] ? `It asks for ${show(pod[what])}. ` : "";
  if (!best) return `${asks}No node is ready.`;
  const free = `The most ${what} free on one node is ${show(Math.max(most, 0))}, on ${best.name}`;
  return `${asks}${free}: ask for less, or make room.`;
}

/** "3 of 3 ready" */
export function workloadWords(workload: SceneWorkload): string {
  const ready = workload.ready ?? 0;
  const desired = workload.desired ?? 0;
  return workload.kind === "Job" ? `${ready} of ${desired} done` : `${ready} of ${desired} ready`;
}

export function timelineWords(entry: TimelineEntry): string {
  return entry.text || `${entry.kind} ${entry.name} ${entry.verb}`;
}

/** Milli-cpus as people write them: 3.1, 0.25, 64. */
export function cpu(milli: number): string {
  const value = milli / 1000;
  return String(Number(value.toFixed(value < 1 ? 2 : 1)));
}

const UNITS = ["B", "Ki", "Mi", "Gi", "Ti", "Pi"] as const;

/** Bytes with a binary unit: 8.3 Gi. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${UNITS[unit]}`;
}

/** A span in at most two units: "3 h 41 min", "12 s". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
  if (hours) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes >= 10) return `${minutes} min`;
  if (minutes) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return `${seconds} s`;
}

/** A server's words as a sentence: with a capital letter and a full stop. */
export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");
}

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : many}`;
}

/** A time in the cluster as milliseconds; takes RFC 3339 text and milliseconds. */
export function instant(time: string | number | null | undefined): number | null {
  if (typeof time === "number") return time;
  if (!time) return null;
  const value = Date.parse(time);
  return Number.isNaN(value) ? null : value;
}

/** 14:02:11 */
export function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, "");
}
