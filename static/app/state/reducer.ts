/** The only function that makes a new state: `reduce(state, action)`, pure. */
import type { Lesson } from "../api/lessons";
import type { Frame, LessonProgress } from "../protocol/frames";
import type { Connection } from "../protocol/socket";
import type { Whereabouts } from "../protocol/people";
import { isOwnAct, withFollowing, withLeader, withPeople } from "./people";
import { applyDelta, sceneOf } from "./scene";
import type {
  DialogName,
  Filter,
  InspectorTab,
  PhoneTab,
  Picture,
  Ref,
  SideTab,
  State,
  Terminal,
  Toast,
  View,
} from "./state";

const TIMELINE_MAX = 1000;
const DECISIONS_MAX = 50;
const TOASTS_MAX = 3;

export type Action =
  | { type: "frame"; frame: Frame; at: number }
  | { type: "connection"; connection: Connection }
  | { type: "select"; selection: Ref | null; tab?: InspectorTab }
  | { type: "inspector-tab"; tab: InspectorTab }
  | { type: "filter"; filter: Partial<Filter> }
  | { type: "view"; view: View }
  | { type: "picture"; picture: Picture }
  | { type: "phone-tab"; tab: PhoneTab }
  | { type: "dock"; tab?: string; isOpen?: boolean }
  | { type: "dock-left" }
  | { type: "editor"; isOpen: boolean }
  | { type: "lesson"; lesson: Lesson | null; progress: LessonProgress | null }
  | { type: "side"; tab: SideTab }
  | { type: "terminals"; terminals: readonly Terminal[] }
  | { type: "console-problem"; problem: string }
  | { type: "toast"; toast: Toast }
  | { type: "toast-gone"; id: number }
  | { type: "dialog"; dialog: DialogName | null }
  | { type: "follow"; person: string | null }
  | { type: "followed"; whereabouts: Whereabouts }
  | { type: "theme"; theme: State["theme"] }
  | { type: "patch"; values: Partial<State> };

/** The next state; whoever follows somebody and does something themselves follows no more. */
export function reduce(state: State, action: Action): State {
  const next = reduced(state, action);
  return state.following && isOwnAct(action) ? withFollowing(next, null) : next;
}

function reduced(state: State, action: Action): State {
  switch (action.type) {
    case "frame":
      return withFrame(state, action.frame, action.at);
    case "connection":
      return { ...state, connection: action.connection };
    case "select":
      return {
        ...state,
        selection: action.selection,
        inspectorTab: action.tab ?? keptTab(state, action.selection),
      };
    case "inspector-tab":
      return { ...state, inspectorTab: action.tab };
    case "filter":
      return { ...state, filter: { ...state.filter, ...action.filter } };
    case "view":
      return { ...state, view: action.view };
    case "picture":
      return { ...state, picture: action.picture };
    case "phone-tab":
      return { ...state, phoneTab: action.tab };
    case "dock":
      return {
        ...state,
        dockTab: action.tab ?? state.dockTab,
        isDockOpen: action.isOpen ?? true,
      };
    case "dock-left":
      return { ...state, dockTab: "console" };
    case "editor":
      return { ...state, isEditorOpen: action.isOpen };
    case "lesson":
      return withLesson(state, action.lesson, action.progress);
    case "side":
      return { ...state, sideTab: action.tab, isEditorOpen: true };
    case "terminals":
      return { ...state, terminals: action.terminals };
    case "console-problem":
      return { ...state, consoleProblem: action.problem };
    case "toast":
      return { ...state, toasts: [...state.toasts, action.toast].slice(-TOASTS_MAX) };
    case "toast-gone":
      return { ...state, toasts: state.toasts.filter((toast) => toast.id !== action.id) };
    case "dialog":
      return { ...state, dialog: action.dialog };
    case "follow":
      return withFollowing(state, action.person);
    case "followed":
      return withLeader(state, action.whereabouts);
    case "theme":
      return { ...state, theme: action.theme };
    case "patch":
      return { ...state, ...action.values };
  }
}

/** Another thing of the same kind keeps the tab; another kind starts at its summary. */
function keptTab(state: State, selection: Ref | null): InspectorTab {
  if (!selection || !state.selection) return selection ? "summary" : state.inspectorTab;
  return selection.kind === state.selection.kind ? state.inspectorTab : "summary";
}

function withFrame(state: State, frame: Frame, at: number): State {
  switch (frame.type) {
    case "hello":
      return {
        ...state,
        session: { ...state.session, ...frame.session },
        you: frame.you ?? state.you,
        clock: frame.clock ? { ...frame.clock, readAt: at } : state.clock,
      };
    case "scene": {
      // A cluster that was put back, or begun anew, has another history.
      const isEarlier = (frame.revision ?? 0) < state.scene.revision;
      const timeline = isEarlier ? [] : state.timeline;
      return { ...state, scene: sceneOf(frame), hasScene: true, timeline };
    }
    case "delta":
      return {
        ...state,
        scene: applyDelta(state.scene, frame),
        decisions: frame.decisions?.length ? withDecisions(state, frame) : state.decisions,
      };
    case "timeline":
      return { ...state, timeline: withEntries(state, frame.entries) };
    case "clock":
      return {
        ...state,
        clock: { now: frame.now, speed: frame.speed, paused: frame.paused, readAt: at },
      };
    case "session": {
      const { type: _type, seq: _seq, ...values } = frame;
      return { ...state, session: { ...state.session, ...values } };
    }
    case "review":
      return { ...state, reviewNews: state.reviewNews + 1 };
    case "presence":
    case "places":
    case "mirror":
      return withPeople(state, frame);
    case "lesson": {
      const { type: _type, seq: _seq, ...progress } = frame;
      return { ...state, lessonProgress: progress };
    }
    case "error":
      if (frame.because) return withEnd(state, frame);
      return {
        ...state,
        refusal: frame.message,
        toasts: [...state.toasts, errorToast(at, frame.message)].slice(-TOASTS_MAX),
      };
    default:
      return state;
  }
}

/** The session was over when the page came back to it. */
function withEnd(state: State, frame: Extract<Frame, { type: "error" }>): State {
  const ended = {
    because: frame.because ?? "",
    reason: frame.reason ?? "",
    ended_at: frame.ended_at ?? null,
    kept_until: frame.kept_until ?? null,
  };
  const isKept = ended.kept_until !== null;
  return { ...state, session: { ...state.session, state: isKept ? "expired" : "ended", ended } };
}

/** A lesson that was not there before is shown at once. */
function withLesson(state: State, lesson: Lesson | null, progress: LessonProgress | null): State {
  const isNew = lesson !== null && lesson.slug !== state.lesson?.slug;
  return {
    ...state,
    lesson,
    lessonProgress: progress,
    sideTab: lesson === null ? "yaml" : isNew ? "lesson" : state.sideTab,
    phoneTab: isNew ? "lesson" : state.phoneTab,
  };
}

function withDecisions(state: State, frame: Extract<Frame, { type: "delta" }>): State["decisions"] {
  let number = state.decisions.at(-1)?.number ?? 0;
  const fresh = (frame.decisions ?? []).map((decision) => ({ ...decision, number: ++number }));
  return [...state.decisions, ...fresh].slice(-DECISIONS_MAX);
}

/** New entries after the old; what was seen already (a resume repeats some) is left out. */
function withEntries(
  state: State,
  entries: Extract<Frame, { type: "timeline" }>["entries"],
): State["timeline"] {
  const last = state.timeline.at(-1)?.revision ?? -1;
  const fresh = entries.filter((entry) => entry.revision > last);
  return fresh.length ? [...state.timeline, ...fresh].slice(-TIMELINE_MAX) : state.timeline;
}

function errorToast(at: number, text: string): Toast {
  return { id: at, text, tone: "bad" };
}
