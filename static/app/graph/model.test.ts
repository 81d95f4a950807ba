import { describe, expect, it } from "vitest";
import type { DeltaFrame, ScenePod } from "../protocol/frames";
import { applyDelta, sceneOf } from "../state/scene";
import { buildModel, compareNames, EMPTY_MODEL, QUEUE } from "./model";

const pod = (name: string, values: Partial<ScenePod> = {}): ScenePod => ({
  key: `default/${name}`,
  namespace: "default",
  name,
  phase: "Pending",
  state: "waiting",
  ...values,
});

const unschedulable = (message: string) => ({ waiting: { reason: "Unschedulable", message } });

const byKey = (...pods: ScenePod[]) => Object.fromEntries(pods.map((one) => [one.key, one]));

const NODES = {
  "node-1": { name: "node-1", ready: true },
  "node-2": { name: "node-2", ready: true },
};

describe("what waits", () => {
  it("is grouped by reason, the queue last", () => {
    const scene = sceneOf({
      nodes: NODES,
      pods: byKey(
        pod("queued"),
        pod("big-1", unschedulable("0/2 nodes are available: 2 Insufficient cpu.")),
        pod("big-2", unschedulable("0/2 nodes are available: 2 Insufficient cpu.")),
      ),
    });
    const { waiting } = buildModel(scene, EMPTY_MODEL, null);
    expect(waiting.map((group) => [group.reason, group.pods.length, group.isQueue])).toEqual([
      ["Insufficient cpu on 2 of 2 nodes", 2, false],
      [QUEUE, 1, true],
    ]);
  });

  it("includes pods whose node is gone", () => {
    const scene = sceneOf({ nodes: NODES, pods: byKey(pod("lost", { node: "node-9" })) });
    const { waiting } = buildModel(scene, EMPTY_MODEL, null);
    expect(waiting[0]?.reason).toBe("their node node-9 is gone");
  });
});

describe("cards", () => {
  it("are in the order people count", () => {
    const names = ["node-10", "node-2", "node-1", "edge"].sort(compareNames);
    expect(names).toEqual(["edge", "node-1", "node-2", "node-10"]);
  });

  it("stay the same objects when their node and pods do", () => {
    const scene = sceneOf({
      nodes: NODES,
      pods: byKey(pod("a", { node: "node-1", state: "running" })),
    });
    const before = buildModel(scene, EMPTY_MODEL, null);
    const delta: DeltaFrame = {
      type: "delta",
      set: { pods: byKey(pod("b", { node: "node-2", state: "running" })) },
    };
    const after = buildModel(applyDelta(scene, delta), before, scene);
    expect(after.cards[0]).toBe(before.cards[0]);
    expect(after.cards[1]?.pods.map((one) => one.name)).toEqual(["b"]);
  });

  it("follow nodes that come and go, as a fresh model would", () => {
    const scene = sceneOf({ nodes: NODES });
    const before = buildModel(scene, EMPTY_MODEL, null);
    const next = applyDelta(scene, {
      type: "delta",
      set: { nodes: { "node-3": { name: "node-3", ready: false } } },
      remove: { nodes: ["node-1"] },
    });
    const after = buildModel(next, before, scene);
    expect(after).toEqual(buildModel(next, EMPTY_MODEL, null));
    expect(after.cards.map((card) => card.node.name)).toEqual(["node-2", "node-3"]);
  });
});
