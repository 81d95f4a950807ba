import { describe, expect, it } from "vitest";
import type { KubeEvent } from "../../api/cluster";
import { eventCount, eventTime, newestFirst } from "./event-list";

const event = (name: string, values: Partial<KubeEvent>): KubeEvent => ({
  metadata: { name, resourceVersion: "1" },
  involvedObject: { kind: "Pod", name: "redis" },
  ...values,
});

describe("when an event was last seen", () => {
  it.each([
    [{ series: { count: 3, lastObservedTime: "1970-01-01T00:00:09.5Z" } }, 9500],
    [{ lastTimestamp: "1970-01-01T00:00:02Z" }, 2000],
    [{ lastTimestamp: null, eventTime: "1970-01-01T00:00:03Z" }, 3000],
    [{}, 0],
  ])("%j", (values, ms) => {
    expect(eventTime(event("a", values))).toBe(ms);
  });
});

describe("events", () => {
  it("are listed newest first, and by revision within a second", () => {
    const at = (name: string, second: number, version: string) =>
      event(name, {
        metadata: { name, resourceVersion: version },
        lastTimestamp: `1970-01-01T00:00:0${second}Z`,
      });
    const list = newestFirst([at("old", 1, "9"), at("first", 5, "10"), at("second", 5, "11")]);
    expect(list.map((one) => one.metadata.name)).toEqual(["second", "first", "old"]);
  });

  it("count themselves, in a series or not", () => {
    expect(eventCount(event("a", {}))).toBe(1);
    expect(eventCount(event("a", { count: 4 }))).toBe(4);
    expect(eventCount(event("a", { count: 4, series: { count: 7 } }))).toBe(7);
  });
});
