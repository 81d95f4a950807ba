import { describe, expect, it } from "vitest";
import type { Lesson } from "../api/lessons";
import type { LessonProgress } from "../protocol/frames";
import { reduce } from "./reducer";
import { initialState } from "./state";

const START = initialState({ id: "a", name: "quiet-harbor", server: "/k8s/a/s/", role: "owner" });
const lesson = { slug: "pods", steps: [] } as unknown as Lesson;
const progress = (current: string) =>
  ({ slug: "pods", current, steps: [], checks: [] }) as unknown as LessonProgress;

describe("a lesson", () => {
  it("is shown when it comes, and stays where the reader put it", () => {
    const begun = reduce(START, { type: "lesson", lesson, progress: progress("one") });
    expect([begun.sideTab, begun.phoneTab]).toEqual(["lesson", "lesson"]);
    const away = reduce(begun, { type: "side", tab: "yaml" });
    const again = reduce(away, { type: "lesson", lesson, progress: progress("two") });
    expect(again.sideTab).toBe("yaml");
    expect(again.lessonProgress?.current).toBe("two");
  });

  it("goes on with each frame", () => {
    const begun = reduce(START, { type: "lesson", lesson, progress: progress("one") });
    const frame = { type: "lesson" as const, seq: 4, ...progress("two") };
    const state = reduce(begun, { type: "frame", at: 0, frame });
    expect(state.lessonProgress).toEqual(progress("two"));
    expect(state.lesson).toBe(lesson);
  });

  it("leaves the YAML alone when there is none", () => {
    const state = reduce(START, { type: "lesson", lesson: null, progress: null });
    expect(state.sideTab).toBe("yaml");
  });
});

describe("a cluster that was put back", () => {
  it("has another history", () => {
    const entry = {
      revision: 90,
      time: 0,
      actor: "you",
      verb: "created",
      kind: "Pod",
      name: "redis",
      text: "Pod redis created",
    };
    const scene = (revision: number) => ({
      type: "frame" as const,
      at: 0,
      frame: { type: "scene" as const, revision },
    });
    const timeline = {
      type: "frame" as const,
      at: 0,
      frame: { type: "timeline" as const, entries: [entry] },
    };
    const before = [scene(100), timeline, scene(101)].reduce(reduce, START);
    expect(before.timeline).toHaveLength(1);
    expect(reduce(before, scene(50)).timeline).toEqual([]);
  });
});
