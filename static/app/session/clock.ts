/** The cluster's clock: what it shows now, and what one may do to it. */
import type { Clock } from "../state/state";
import { peek } from "../state/store";
import { send } from "./context";

export const SPEEDS = [1, 10, 100] as const;

/** The cluster's time at a moment of the page's monotonic clock. */
export function clusterNow(clock: Clock, at: number): number {
  if (clock.paused || clock.readAt === 0 || clock.speed === "max") return clock.now;
  return clock.now + (at - clock.readAt) * clock.speed;
}

export function togglePause(): void {
  send({ type: "clock", action: peek().clock.paused ? "resume" : "pause" });
}

export function setSpeed(speed: number): void {
  send({ type: "clock", action: "speed", value: speed });
  if (peek().clock.paused) send({ type: "clock", action: "resume" });
}

/** Runs what is due next, whenever that is, and stands there. */
export function step(): void {
  if (!peek().clock.paused) send({ type: "clock", action: "pause" });
  send({ type: "clock", action: "step" });
}

/** Whether one watches each step: paused, stepped, or slower than time. */
export function isLesson(clock: Clock): boolean {
  return clock.paused || (clock.speed !== "max" && clock.speed < 1);
}
