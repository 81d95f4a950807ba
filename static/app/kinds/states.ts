/** How each state of a pod is shown: its colour token, its mark, its word. */
import type { PodState, ScenePod } from "../protocol/frames";

export type Mark = "ring" | "hollow" | "pull" | "tick" | "cross" | "hatch";

export interface StateFace {
  mark: Mark;
  /** Suffix of the colour token: `--run`, `--wait` … */
  tone: "run" | "wait" | "fail" | "done" | "gone";
  word: string;
  /** Said once, when hovered or focused. */
  meaning: string;
}

export const STATES: Record<PodState, StateFace> = {
  waiting: {
    mark: "hollow",
    tone: "wait",
    word: "waiting",
    meaning: "No node has been chosen yet.",
  },
  pulling: { mark: "pull", tone: "wait", word: "pulling", meaning: "The node fetches the image." },
  creating: {
    mark: "hollow",
    tone: "wait",
    word: "starting",
    meaning: "The node sets up its containers.",
  },
  running: { mark: "ring", tone: "run", word: "running", meaning: "All its containers are ready." },
  notready: {
    mark: "ring",
    tone: "wait",
    word: "not ready",
    meaning: "It runs, but not every container is ready for traffic.",
  },
  failing: {
    mark: "cross",
    tone: "fail",
    word: "failing",
    meaning: "A container does not stay up; the kubelet tries again.",
  },
  succeeded: {
    mark: "tick",
    tone: "done",
    word: "finished",
    meaning: "All its containers ended well; it will not start again.",
  },
  failed: {
    mark: "cross",
    tone: "fail",
    word: "failed",
    meaning: "It ended with an error and will not start again.",
  },
  terminating: {
    mark: "hatch",
    tone: "gone",
    word: "ending",
    meaning: "It was asked to go and is given time to stop.",
  },
};

/** The order in which states are listed, worst first. */
export const STATE_ORDER: readonly PodState[] = [
  "failing",
  "failed",
  "waiting",
  "pulling",
  "creating",
  "notready",
  "running",
  "succeeded",
  "terminating",
];

/** The share of its containers that are ready, 0 to 1. */
export function readyShare(pod: ScenePod): number {
  const [ready, total] = pod.ready ?? [0, 0];
  return total > 0 ? ready / total : 0;
}
