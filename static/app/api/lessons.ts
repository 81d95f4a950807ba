/** The lesson of a session, over the playground's REST API. */
import type { LessonProgress } from "../protocol/frames";
import { call } from "./playground";

export type StepKind = "task" | "read" | "question";

export interface LessonStep {
  id: string;
  title: string;
  kind: StepKind;
  /** Made and cleaned by the server. */
  html: string;
  /** How many there are. */
  hints: number;
  answers: string[];
}

export interface Lesson {
  slug: string;
  title: string;
  summary: string;
  minutes: number;
  intro: string;
  closing: string;
  /** Manifests that the text offers, by file name. */
  files: Record<string, string>;
  steps: LessonStep[];
}

export interface LessonState {
  lesson: Lesson | null;
  progress: LessonProgress | null;
}

export type LessonAct =
  | { action: "read"; step: string }
  | { action: "answer"; step: string; choice: number }
  | { action: "hint"; step: string }
  | { action: "restart" }
  | { action: "restart-step" };

export function loadLesson(session: string): Promise<LessonState> {
  return call("GET", `/sessions/${session}/lesson`);
}

export function actInLesson(session: string, act: LessonAct): Promise<LessonState> {
  return call("POST", `/sessions/${session}/lesson`, act);
}
