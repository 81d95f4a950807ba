import { describe, expect, it } from "vitest";
import { student } from "./builders";
import { outcome } from "./acts";
import { podWords, stepWords, studentLabel } from "./words";

const progress = { done: 2, total: 5, step: "Scale it", since: "2026-01-01T10:00:00Z" };
const at = (time: string) => Date.parse(`2026-01-01T${time}Z`);

describe("what the wall says", () => {
  it("names states worst first", () => {
    const nodes = [{ name: "n", ready: true, pods: "rrf" }];
    expect(podWords(student("a", { nodes, unplaced: "w" }))).toBe(
      "1 failing, 1 waiting, 2 running",
    );
  });

  it("says how long a step takes in whole minutes", () => {
    const one = student("a", { progress });
    expect(stepWords(one, at("10:00:40"))).toBe("step 3 of 5");
    expect(stepWords(one, at("10:04:10"))).toBe("step 3 of 5 for 4 min");
  });

  it("says when all is done", () => {
    expect(stepWords(student("a", { progress: { ...progress, done: 5 } }), 0)).toBe(
      "all 5 steps done",
    );
  });

  it("does not call a lesson done because the class is over", () => {
    expect(stepWords(student("a", { progress, state: "finished" }), 0)).toBe("2 of 5 steps done");
  });

  it("tells listeners everything", () => {
    const one = student("Ann", { hand: "t", attention: { score: 90, reason: "asks for help" } });
    expect(studentLabel(one, 0)).toBe("Ann, hand raised, asks for help, 0 nodes, no pods");
  });
});

describe("what came of an act", () => {
  it("counts whom it was done for", () => {
    expect(outcome("message", { done: ["a", "b"], failed: [] }).text).toBe(
      "Message sent for 2 students.",
    );
  });

  it("names whom it failed for, and why", () => {
    const failed = [{ student: "a", message: "there is no cluster" }];
    expect(outcome("break", { done: [], failed })).toEqual({
      text: "Not done for a student: there is no cluster",
      isBad: true,
    });
  });
});
