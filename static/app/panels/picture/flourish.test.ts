import { describe, expect, it } from "vitest";
import { verdictFor, type Judging } from "./flourish";

const SHOWN: Judging = {
  isLesson: false,
  decision: {
    number: 1,
    pod: "default/redis",
    node: "node-2",
    rejected: { "node-1": "Insufficient cpu" },
    scores: { "node-2": 471, "node-3": 452 },
  },
};

describe("what a decision says of a node", () => {
  it.each([
    ["node-1", { tone: "out", text: "rejected: Insufficient cpu", score: null }],
    ["node-2", { tone: "win", text: "chosen for redis", score: 471 }],
    ["node-3", { tone: "in", text: "could take redis", score: 452 }],
    ["node-4", null],
  ])("%s", (node, verdict) => {
    expect(verdictFor(SHOWN, node)).toEqual(verdict);
  });

  it("is nothing when none is shown", () => {
    expect(verdictFor(null, "node-1")).toBe(null);
  });
});
