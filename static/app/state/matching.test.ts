import { describe, expect, it } from "vitest";
import type { ScenePod } from "../protocol/frames";
import { isFiltering, podTest } from "./matching";
import { NO_FILTER } from "./state";

const POD: ScenePod = {
  key: "shop/web-1",
  namespace: "shop",
  name: "web-1",
  phase: "Running",
  state: "running",
  node: "node-2",
  owner: { kind: "Deployment", name: "frontend" },
  labels: { app: "web", "tier/role": "front" },
};

describe("a filter", () => {
  it.each([
    [{ text: "web" }, true],
    [{ text: "WEB-1" }, true],
    [{ text: "frontend" }, true],
    [{ text: "node-2" }, true],
    [{ text: "node-22" }, false],
    [{ text: "app=web" }, true],
    [{ text: "app==web" }, true],
    [{ text: "app!=web" }, false],
    [{ text: "app=db" }, false],
    [{ text: "tier/role" }, true],
    [{ text: "!app" }, false],
    [{ text: "!other" }, true],
    [{ text: "web app=web" }, true],
    [{ text: "web,app=db" }, false],
    [{ namespace: "shop" }, true],
    [{ namespace: "default" }, false],
    [{ state: "running" }, true],
    [{ state: "failing" }, false],
    [{ state: "trouble" }, false],
  ])("%j on the pod web-1: %s", (filter, expected) => {
    expect(podTest({ ...NO_FILTER, ...filter })(POD)).toBe(expected);
  });

  it("that is blank filters nothing", () => {
    expect(isFiltering({ ...NO_FILTER, text: "  " })).toBe(false);
    expect(podTest(NO_FILTER)(POD)).toBe(true);
  });

  it("for trouble means what fails and what cannot be placed", () => {
    const test = podTest({ ...NO_FILTER, state: "trouble" });
    expect(test({ ...POD, state: "failing" })).toBe(true);
    expect(test({ ...POD, waiting: { reason: "Unschedulable", message: "" } })).toBe(true);
  });
});
