import { describe, expect, it } from "vitest";
import { whySentence, whyTable, type Attempt } from "./why-model";

const ok = { passed: true };
const score = (total: number, fit: number) => ({
  total,
  plugins: {
    NodeResourcesFit: { raw: fit, normalized: fit, weighted: fit },
    TaintToleration: { raw: 0, normalized: 100, weighted: 300 },
  },
});

const ATTEMPT: Attempt = {
  result: "scheduled",
  node: "node-2",
  filters: {
    "node-1": {
      NodeUnschedulable: ok,
      NodeResourcesFit: { passed: false, reason: "Insufficient cpu" },
    },
    "node-2": { NodeUnschedulable: ok, NodeResourcesFit: ok, TaintToleration: ok },
    "node-3": { NodeUnschedulable: ok, NodeResourcesFit: ok, TaintToleration: ok },
  },
  scores: { "node-2": score(397, 97), "node-3": score(378, 78) },
};

describe("why a pod is where it is", () => {
  it("shows the filters that rejected, and gathers the quiet ones", () => {
    const table = whyTable(ATTEMPT);
    expect(table.nodes).toEqual(["node-1", "node-2", "node-3"]);
    expect(table.filters.map((row) => [row.label, row.cells.map((cell) => cell.text)])).toEqual([
      ["Resources", ["cpu", "ok", "ok"]],
    ]);
    expect(table.quiet.map((row) => row.plugin)).toEqual(["NodeUnschedulable", "TaintToleration"]);
  });

  it("shows weighted scores with their weight, and the totals", () => {
    const table = whyTable(ATTEMPT);
    expect(table.scores.map((row) => [row.label, row.cells.map((cell) => cell.text)])).toEqual([
      ["Resources", ["–", "97", "78"]],
      ["Taints ×3", ["–", "300", "300"]],
    ]);
    expect(table.totals?.map((cell) => cell.text)).toEqual(["–", "397", "378"]);
  });

  it("keeps the chosen node among the columns when there are many", () => {
    const many: Attempt = { result: "scheduled", node: "node-500", filters: {}, scores: {} };
    for (let index = 1; index <= 600; index += 1) {
      (many.filters as NonNullable<Attempt["filters"]>)[`node-${index}`] = { NodeName: ok };
    }
    const table = whyTable(many);
    expect(table.nodes[0]).toBe("node-500");
    expect(table.left).toBe(588);
  });
});

describe("the reason in a sentence", () => {
  it.each([
    [ATTEMPT, "2 of 3 nodes could take it. node-2 won by 19 points."],
    [
      {
        ...ATTEMPT,
        scores: { "node-2": score(5, 5), "node-3": score(5, 5) },
        tie: ["node-2", "node-3"],
      },
      "2 of 3 nodes could take it. 2 scored the same; node-2 was drawn.",
    ],
    [
      { result: "unschedulable", filters: { a: { X: { passed: false } } } },
      "0 of 1 node could take it.",
    ],
    [{ result: "gated" }, "Its scheduling gates hold it back; no node was looked at."],
    [
      { result: "scheduled", node: "a", filters: { a: { X: ok } } },
      "1 of 1 node could take it. a was chosen.",
    ],
  ] as [Attempt, string][])("%#", (attempt, sentence) => {
    expect(whySentence(attempt)).toBe(sentence);
  });
});
