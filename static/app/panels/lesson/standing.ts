/** Where a lesson stands, for its panel. Pure. */
import type { Lesson } from "../../api/lessons";
import type { LessonProgress } from "../../protocol/frames";

export type StepState = "passed" | "current" | "ahead";

/** The current step's place; the number of steps when all are done. */
export function currentIndex(lesson: Lesson, progress: LessonProgress): number {
  const index = lesson.steps.findIndex((step) => step.id === progress.current);
  return index < 0 ? lesson.steps.length : index;
}

export function stateOf(lesson: Lesson, progress: LessonProgress, index: number): StepState {
  const current = currentIndex(lesson, progress);
  if (index === current) return "current";
  return index < current ? "passed" : "ahead";
}
