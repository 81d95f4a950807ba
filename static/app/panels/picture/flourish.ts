/**
 * The scheduler's judgement, shown on the cards: rejected ones dim with the reason, scores count
 * up on the rest, the winner brightens. A flourish at normal speed, a lesson when stepped.
 */
import { signal } from "@preact/signals-core";
import type { NumberedDecision } from "../../state/state";
import { shortReason } from "../../words";

export interface Verdict {
  tone: "out" | "in" | "win";
  text: string;
  score: number | null;
}

export interface Judging {
  decision: NumberedDecision;
  /** Shown slowly, and kept until the next one. */
  isLesson: boolean;
}

export const judging = signal<Judging | null>(null);

const SHOWN_MS = 1600;
const LESSON_SHOWN_MS = 12_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a decision; a newer one takes its place. */
export function judge(decision: NumberedDecision, isLesson: boolean): void {
  clearTimeout(timer);
  judging.value = { decision, isLesson };
  timer = setTimeout(() => (judging.value = null), isLesson ? LESSON_SHOWN_MS : SHOWN_MS);
}

/** A lesson ends when the cluster runs again. */
export function endLesson(isStill: boolean): void {
  if (!isStill && judging.peek()?.isLesson) judging.value = null;
}

/** How long a tile waits before it travels, so that the judgement is seen first. */
export function travelTimes(isLesson: boolean): { delay: number; duration: number } {
  return isLesson ? { delay: 700, duration: 700 } : { delay: 60, duration: 300 };
}

/** What the decision says of one node; null when it says nothing. */
export function verdictFor(shown: Judging | null, node: string): Verdict | null {
  if (!shown) return null;
  const { decision } = shown;
  const name = decision.pod.split("/").at(-1) ?? decision.pod;
  const score = decision.scores?.[node] ?? null;
  if (decision.node === node) return { tone: "win", text: `chosen for ${name}`, score };
  const rejection = decision.rejected?.[node];
  if (rejection !== undefined) {
    return { tone: "out", text: `rejected: ${shortReason(rejection)}`, score: null };
  }
  return score === null ? null : { tone: "in", text: `could take ${name}`, score };
}
