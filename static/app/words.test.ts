import { describe, expect, it } from "vitest";
import type { SceneNode, ScenePod } from "./protocol/frames";
import {
  bytes,
  clockTime,
  cpu,
  fitAdvice,
  instant,
  nodeLabel,
  nodeSentence,
  obstacles,
  podLabel,
  podSentence,
  shortReason,
  span,
  waitingFor,
  waitingReason,
} from "./words";

const pod = (values: Partial<ScenePod>): ScenePod => ({
  key: "default/redis",
  namespace: "default",
  name: "redis",
  phase: "Pending",
  state: "running",
  ...values,
});

describe("a pod in a sentence", () => {
  it.each([
    [pod({ text: "is running", node: "node-2" }), "redis is running on node-2"],
    [
      pod({ text: "is pulling image redis", node: "node-2" }),
      "redis is pulling image redis on node-2",
    ],
    [pod({ state: "failing", text: "back-off" }), "redis: back-off"],
    [pod({ state: "succeeded" }), "redis is finished"],
    [
      pod({
        state: "waiting",
        waiting: {
          reason: "Unschedulable",
          message: "0/3 nodes are available: 3 Insufficient cpu.",
        },
      }),
      "redis is waiting: Insufficient cpu on 3 of 3 nodes",
    ],
    [
      pod({ state: "waiting", waiting: { reason: "SchedulingGated", message: "" } }),
      "redis is waiting: held back by its scheduling gates",
    ],
  ])("%#: %s", (given, sentence) => {
    expect(podSentence(given)).toBe(sentence);
  });

  it("counts containers and restarts in its label", () => {
    const label = podLabel(pod({ node: "node-1", ready: [1, 2], restarts: 3 }));
    expect(label).toBe("redis, running, on node-1, 1 of 2 ready, 3 restarts");
  });
});

describe("the scheduler's message", () => {
  const message =
    "0/5 nodes are available: 1 node(s) had untolerated taint {gpu: true}, 4 Insufficient cpu. " +
    "preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.";

  it("is taken apart into obstacles, without the preemption", () => {
    expect(obstacles(message)).toEqual({
      total: 5,
      obstacles: [
        { count: 1, reason: "node(s) had untolerated taint {gpu: true}" },
        { count: 4, reason: "Insufficient cpu" },
      ],
    });
  });

  it("is shortened to what stands on how many nodes", () => {
    expect(waitingReason("0/3 nodes are available: 3 Insufficient cpu.")).toBe(
      "Insufficient cpu on 3 of 3 nodes",
    );
    expect(waitingReason("no nodes available to schedule pods")).toBe(
      "no nodes available to schedule pods",
    );
  });
});

describe("what a pod waits for", () => {
  it.each([
    [{ cpu: 64000 }, "0/3 nodes are available: 3 Insufficient cpu.", "no node has 64 cpus free"],
    [{}, "0/3 nodes are available: 3 Insufficient cpu.", "Insufficient cpu on 3 of 3 nodes"],
    [
      { memory: 2 ** 36 },
      "0/1 nodes are available: 1 Insufficient memory.",
      "no node has 64 Gi of memory free",
    ],
    [
      { cpu: 64000 },
      "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.",
      "Insufficient cpu on 2 of 3 nodes, cordoned on 1",
    ],
    [
      {},
      "0/2 nodes are available: 2 node(s) had untolerated taint {gpu: true}.",
      "taint gpu not tolerated on 2 of 2 nodes",
    ],
  ])("%j with %s", (values, message, words) => {
    expect(waitingFor(pod({ ...values, waiting: { reason: "Unschedulable", message } }))).toBe(
      words,
    );
  });
});

describe("a rejection on a card", () => {
  it.each([
    ["Insufficient cpu", "Insufficient cpu"],
    ["node(s) had untolerated taint {gpu: true}", "taint gpu"],
    ["node(s) had untolerated taint(s)", "taint"],
    ["node(s) were unschedulable", "cordoned"],
    ["node(s) didn't match Pod's node affinity/selector", "node affinity"],
    ["node(s) didn't match pod anti-affinity rules", "pod anti-affinity"],
    ["node(s) didn't match pod topology spread constraints", "topology spread"],
  ])("%s becomes %s", (reason, short) => {
    expect(shortReason(reason)).toBe(short);
  });
});

describe("advice on what would make a pod fit", () => {
  const nodes: SceneNode[] = [
    { name: "node-1", ready: true, cpu: { allocatable: 4000, requested: 3100 } },
    { name: "node-2", ready: true, cpu: { allocatable: 4000, requested: 1300 } },
    { name: "node-3", ready: false, cpu: { allocatable: 64000, requested: 0 } },
  ];

  it("names the most free cpu on a node that is ready", () => {
    const waiting = {
      reason: "Unschedulable",
      message: "0/3 nodes are available: 3 Insufficient cpu.",
    };
    expect(fitAdvice(pod({ cpu: 64000, waiting }), nodes)).toEqual([
      "It asks for 64 cpus. The most cpu free on one node is 2.7 cpus, on node-2: " +
        "ask for less, or make room.",
    ]);
  });

  it("says so when no node is ready", () => {
    const waiting = {
      reason: "Unschedulable",
      message: "0/1 nodes are available: 1 Insufficient cpu.",
    };
    expect(fitAdvice(pod({ waiting }), [])).toEqual(["No node is ready."]);
  });
});

describe("a node in words", () => {
  it("is labelled with its state, zone and pods", () => {
    const node = { name: "node-1", ready: true, zone: "a", cordoned: true };
    expect(nodeLabel(node, 1)).toBe("node-1, ready, cordoned, zone a, 1 pod");
  });

  it("says why it is not ready", () => {
    const node = { name: "node-1", ready: false, reason: "Kubelet stopped posting node status." };
    expect(nodeSentence(node)).toBe("node-1 is not ready: Kubelet stopped posting node status");
  });
});

describe("numbers", () => {
  it.each([
    [3100, "3.1"],
    [250, "0.25"],
    [64000, "64"],
    [0, "0"],
  ])("%i milli-cpus are %s", (milli, text) => {
    expect(cpu(milli)).toBe(text);
  });

  it.each([
    [8.3 * 2 ** 30, "8.3 Gi"],
    [16 * 2 ** 30, "16 Gi"],
    [512, "512 B"],
  ])("%d bytes are %s", (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  it.each([
    [3.69 * 3_600_000, "3 h 41 min"],
    [12_000, "12 s"],
    [95_000, "1 min 35 s"],
    [86_400_000 * 2, "2 d"],
    [-5, "0 s"],
  ])("%d ms are %s", (ms, text) => {
    expect(span(ms)).toBe(text);
  });

  it("reads times as text and as milliseconds", () => {
    expect(instant("1970-01-01T00:00:01Z")).toBe(1000);
    expect(instant(5)).toBe(5);
    expect(instant("")).toBe(null);
    expect(clockTime(50_531_000)).toBe("14:02:11");
  });
});
