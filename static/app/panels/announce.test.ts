import { describe, expect, it } from "vitest";
import type { PodState, ScenePod } from "../protocol/frames";
import { sceneOf } from "../state/scene";
import { announcement } from "./announce";

const pod = (name: string, state: PodState): ScenePod => ({
  key: `default/${name}`,
  namespace: "default",
  name,
  phase: "Running",
  state,
  node: "node-2",
});

const scene = (...pods: ScenePod[]) =>
  sceneOf({ pods: Object.fromEntries(pods.map((one) => [one.key, one])) });

describe("what is said aloud", () => {
  it.each([
    [
      "a pod that came up",
      [pod("redis", "creating")],
      [pod("redis", "running")],
      "redis is running on node-2",
    ],
    ["a pod that went", [pod("redis", "running")], [], "redis is gone"],
    ["a state in between", [], [pod("redis", "pulling")], ""],
    ["nothing new", [pod("redis", "running")], [pod("redis", "running")], ""],
  ] as const)("of %s", (_name, before, after, words) => {
    expect(announcement(scene(...before), scene(...after))).toBe(words);
  });

  it("counts when there are many", () => {
    const many = Array.from({ length: 5 }, (_, index) => pod(`web-${index}`, "running"));
    expect(announcement(scene(), scene(...many))).toBe("5 pods running");
    expect(announcement(scene(...many), scene())).toBe("5 pods gone");
  });

  it("names a node whose readiness changed", () => {
    const before = sceneOf({ nodes: { a: { name: "a", ready: true } } });
    const after = sceneOf({ nodes: { a: { name: "a", ready: false } } });
    expect(announcement(before, after)).toBe("a is not ready");
  });
});
