import { describe, expect, it } from "vitest";
import type { DeltaFrame, SceneFrame, ScenePod, SceneRecords } from "../protocol/frames";
import { applyDelta, sceneOf } from "./scene";

interface Fixture {
  scene: SceneFrame;
  deltas: DeltaFrame[];
  after: SceneFrame;
}

const FIXTURES = import.meta.glob<Fixture>("../../../tests/fixtures/scene/*.json", {
  eager: true,
  import: "default",
});

describe("a scene after deltas equals the scene seen fresh", () => {
  it.each(Object.entries(FIXTURES))("%s", (_path, { scene, deltas, after }) => {
    expect(deltas.reduce(applyDelta, sceneOf(scene))).toEqual(sceneOf(after));
  });

  it("has fixtures to check", () => {
    expect(Object.keys(FIXTURES).length).toBeGreaterThan(0);
  });
});

/** A small generator of our own, so that a failure names its seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

function somePod(pick: (below: number) => number, name: string): ScenePod {
  const node = pick(4);
  return {
    key: `default/${name}`,
    namespace: "default",
    name,
    phase: "Running",
    state: pick(2) ? "running" : "failing",
    created: `2026-01-01T00:00:0${pick(10)}Z`,
    ...(node ? { node: `node-${node}` } : {}),
  };
}

function someDelta(pick: (below: number) => number, pods: Record<string, ScenePod>): DeltaFrame {
  const set: Record<string, ScenePod> = {};
  const remove: string[] = [];
  for (let count = pick(6); count >= 0; count -= 1) {
    const name = `pod-${pick(20)}`;
    const key = `default/${name}`;
    if (pick(3) === 0) {
      delete pods[key];
      delete set[key];
      if (!remove.includes(key)) remove.push(key);
    } else {
      const pod = somePod(pick, name);
      pods[key] = set[key] = pod;
      if (remove.includes(key)) remove.splice(remove.indexOf(key), 1);
    }
  }
  const sets: SceneRecords = { pods: set };
  return { type: "delta", revision: 0, set: sets, remove: { pods: remove } };
}

describe("random histories", () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
    "with seed %i lead to the same scene as seeing the end only",
    (seed) => {
      const pick = random(seed);
      const pods: Record<string, ScenePod> = {};
      let scene = sceneOf({});
      for (let step = 0; step < 25; step += 1) scene = applyDelta(scene, someDelta(pick, pods));
      expect(scene).toEqual(sceneOf({ pods }));
    },
  );
});

describe("a delta", () => {
  it("shares the collections it does not touch", () => {
    const before = sceneOf({ nodes: { a: { name: "a", ready: true } } });
    const after = applyDelta(before, { type: "delta", set: { pods: {} } });
    expect(after.nodes).toBe(before.nodes);
  });

  it("leaves the scene it starts from as it was", () => {
    const pod = somePod(() => 1, "x");
    const before = sceneOf({ pods: { [pod.key]: pod } });
    applyDelta(before, { type: "delta", remove: { pods: [pod.key] } });
    expect(before.pods.size).toBe(1);
    expect(before.placement.get("node-1")).toEqual([pod]);
  });
});
