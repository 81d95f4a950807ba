import { expect, it } from "vitest";
import { throttle } from "./throttle";

it("runs at once, gathers what comes meanwhile, and does not lose the last", () => {
  const timers: (() => void)[] = [];
  let runs = 0;
  const go = throttle(100, () => (runs += 1), (run) => timers.push(run));
  go();
  go();
  go();
  expect(runs).toBe(1);
  timers.shift()?.();
  expect(runs).toBe(2);
  timers.shift()?.();
  expect([runs, timers.length]).toEqual([2, 0]);
  go();
  expect(runs).toBe(3);
});
