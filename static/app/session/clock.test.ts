import { describe, expect, it } from "vitest";
import { clusterNow } from "./clock";

describe("the cluster's time", () => {
  const clock = { now: 10_000, speed: 10, paused: false, readAt: 500 };

  it("runs at the cluster's speed since it was read", () => {
    expect(clusterNow(clock, 1500)).toBe(20_000);
  });

  it("stands still while paused", () => {
    expect(clusterNow({ ...clock, paused: true }, 9999)).toBe(10_000);
  });

  it("stands still between readings when it runs as fast as it can", () => {
    expect(clusterNow({ ...clock, speed: "max" }, 9999)).toBe(10_000);
  });

  it("stands still before the first reading", () => {
    expect(clusterNow({ ...clock, readAt: 0 }, 9999)).toBe(10_000);
  });
});
