import { describe, expect, it } from "vitest";
import type { Effect, EffectPod } from "./api";
import { leaving, sceneAfter, sceneBefore, sentences, signed, touched } from "./effect";

function pod(name: string, values: Partial<EffectPod> = {}): EffectPod {
  const none = { node: "", from: "", owner: "", reason: "", message: "" };
  return { namespace: "default", name, ...none, ...values };
}

function effect(values: Partial<Effect> = {}): Effect {
  return {
    version: 1,
    seconds: 60,
    is_quiet: true,
    applied: [],
    pods: { created: [], moved: [], evicted: [], deleted: [], pending: [], failed: [] },
    workloads: [],
    services: [],
    quotas: [],
    cost: { cpu_milli: { before: 0, after: 0 }, memory_bytes: { before: 0, after: 0 } },
    nodes: [],
    warnings: [],
    scene: {},
    ...values,
  };
}

const texts = (given: Effect) => sentences(given).map((one) => one.text);

describe("what it would do", () => {
  it("is said even when it is nothing", () => {
    expect(texts(effect())).toEqual(["Nothing that runs would change."]);
  });

  it("names pods by what becomes of them, with the reason they share", () => {
    const pods = {
      ...effect().pods,
      created: [pod("a"), pod("b")],
      pending: [pod("c", { message: "no node has 64 cpus free" })],
    };
    expect(texts(effect({ pods }))).toEqual([
      "2 pods would be created.",
      "1 pod would find no node: no node has 64 cpus free.",
    ]);
  });

  it("names services that lose everybody, and what is asked for", () => {
    const services = [
      {
        namespace: "default",
        name: "web",
        endpoints: { before: 3, after: 0 },
        change: "lost-all",
      },
    ];
    const cost = {
      cpu_milli: { before: 500, after: 1000 },
      memory_bytes: { before: 2 ** 30, after: 0 },
    };
    expect(texts(effect({ services, cost }))).toEqual([
      "Service web would have nobody left to answer.",
      "Requested in all: +0.5 cpus and −1 Gi of memory.",
    ]);
  });

  it("says when it does not come to rest", () => {
    expect(texts(effect({ is_quiet: false })).at(-1)).toContain("still not have come to rest");
  });
});

describe("the cluster before", () => {
  const scene = {
    nodes: {
      "node-1": { name: "node-1", ready: true, cpu: { allocatable: 4000, requested: 900, used: 1 } },
    },
    pods: {
      "default/new": {
        key: "default/new",
        namespace: "default",
        name: "new",
        phase: "Running",
        state: "running" as const,
        node: "node-1",
      },
      "default/kept": {
        key: "default/kept",
        namespace: "default",
        name: "kept",
        phase: "Running",
        state: "running" as const,
        node: "node-1",
      },
    },
  };
  const given = effect({
    scene,
    pods: {
      ...effect().pods,
      created: [pod("new", { node: "node-1" })],
      deleted: [pod("old", { node: "node-1", owner: "ReplicaSet/web" })],
    },
    nodes: [
      {
        name: "node-1",
        pods: { allocatable: 110, before: 2, after: 2 },
        cpu_milli: { allocatable: 4000, before: 400, after: 900 },
        memory_bytes: { allocatable: 0, before: 0, after: 0 },
      },
    ],
  });

  it("has what goes, and not what comes", () => {
    expect([...sceneBefore(given).pods.keys()].sort()).toEqual(["default/kept", "default/old"]);
    expect(sceneBefore(given).pods.get("default/old")?.owner?.name).toBe("web");
    expect(sceneBefore(given).nodes.get("node-1")?.cpu?.requested).toBe(400);
  });

  it("differs from after in what is touched", () => {
    expect([...sceneAfter(given).pods.keys()].sort()).toEqual(["default/kept", "default/new"]);
    expect([...touched(given)]).toEqual(["default/new"]);
    expect([...leaving(given)]).toEqual(["default/old"]);
  });
});

describe("signs", () => {
  it("are real minus signs", () => {
    expect(signed(-2, String)).toBe("−2");
  });
});
