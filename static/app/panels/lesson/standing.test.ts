import { describe, expect, it } from "vitest";
import type { Lesson } from "../../api/lessons";
import type { LessonProgress } from "../../protocol/frames";
import { currentIndex, stateOf } from "./standing";

const lesson = { steps: [{ id: "a" }, { id: "b" }, { id: "c" }] } as unknown as Lesson;
const at = (current: string) => ({ current }) as LessonProgress;

describe("where a lesson stands", () => {
  it("is at the current step", () => {
    expect(currentIndex(lesson, at("b"))).toBe(1);
    expect([0, 1, 2].map((index) => stateOf(lesson, at("b"), index))).toEqual([
      "passed",
      "current",
      "ahead",
    ]);
  });

  it("is after the last one when all are done", () => {
    expect(currentIndex(lesson, at(""))).toBe(3);
    expect(stateOf(lesson, at(""), 2)).toBe("passed");
  });
});
