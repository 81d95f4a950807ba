/**
 * The page's one state. Panels and drawing read it; only the reducer makes the next one.
 */
import type {
  ClockReading,
  Decision,
  LessonProgress,
  Person,
  Role,
  Session,
  TimelineEntry,
} from "../protocol/frames";
import type { Lesson } from "../api/lessons";
import type { Mirror } from "../protocol/people";
import type { Connection } from "../protocol/socket";
import { EMPTY_SCENE, type Scene } from "./scene";

export type RefKind = "pod" | "node" | "service" | "volume" | "workload";

export interface Ref {
  kind: RefKind;
  key: string;
}

export type InspectorTab = "summary" | "why" | "events" | "logs" | "yaml";
export type View = "work" | "picture";
export type Picture = "map" | "list";
export type SideTab = "lesson" | "yaml";
export type PhoneTab = "lesson" | "picture" | "yaml" | "console" | "events";

export interface Filter {
  namespace: string;
  text: string;
  state: string;
}

export const NO_FILTER: Filter = { namespace: "", text: "", state: "" };

export interface Clock extends ClockReading {
  /** When the reading arrived, on the page's own monotonic clock. */
  readAt: number;
}

/** A scheduling decision with a number of its own, so that each is shown once. */
export interface NumberedDecision extends Decision {
  number: number;
}

export interface Terminal {
  number: number;
  title: string;
  kind: "console" | "exec";
}

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run: () => void };
}

export type DialogName = "share" | "people" | "palette" | "keys" | "confirm-delete";

export interface State {
  readonly session: Session;
  readonly you: Person | null;
  readonly connection: Connection;
  /** What the server last refused; why the connection is gone, when it is. */
  readonly refusal: string;
  readonly hasScene: boolean;
  readonly scene: Scene;
  readonly decisions: readonly NumberedDecision[];
  readonly timeline: readonly TimelineEntry[];
  readonly clock: Clock;
  readonly people: readonly Person[];
  /** The person whom this page follows, and what their editor shows. */
  readonly following: string | null;
  readonly mirror: Mirror | null;
  readonly selection: Ref | null;
  readonly inspectorTab: InspectorTab;
  readonly filter: Filter;
  readonly view: View;
  readonly picture: Picture;
  readonly phoneTab: PhoneTab;
  readonly dockTab: string;
  readonly isDockOpen: boolean;
  readonly isEditorOpen: boolean;
  /** The session's lesson, if it has one, and what is shown beside the picture then. */
  readonly lesson: Lesson | null;
  readonly lessonProgress: LessonProgress | null;
  /** Rises when something of the session's review is new. */
  readonly reviewNews: number;
  readonly sideTab: SideTab;
  readonly terminals: readonly Terminal[];
  /** Why there is no console; empty while there is one or may be one soon. */
  readonly consoleProblem: string;
  readonly toasts: readonly Toast[];
  readonly dialog: DialogName | null;
  readonly theme: "system" | "light" | "dark";
}

export function initialState(session: {
  id: string;
  name: string;
  server: string;
  role: Role;
}): State {
  return {
    session,
    you: null,
    connection: "connecting",
    refusal: "",
    hasScene: false,
    scene: EMPTY_SCENE,
    decisions: [],
    timeline: [],
    clock: { now: 0, speed: 1, paused: false, readAt: 0 },
    people: [],
    following: null,
    mirror: null,
    selection: null,
    inspectorTab: "summary",
    filter: NO_FILTER,
    view: "work",
    picture: "map",
    phoneTab: "picture",
    dockTab: "console",
    isDockOpen: true,
    isEditorOpen: true,
    lesson: null,
    lessonProgress: null,
    reviewNews: 0,
    sideTab: "yaml",
    terminals: [],
    consoleProblem: "",
    toasts: [],
    dialog: null,
    theme: "system",
  };
}

export function canWrite(state: State): boolean {
  return state.session.role !== "viewer" && !isExpired(state);
}

export function isExpired(state: State): boolean {
  return state.session.state === "expired" || state.session.state === "ended";
}
