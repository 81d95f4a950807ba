/** The review desk's one state; only the reducer makes the next one. Pure. */
import type { Act, Effect, Page, Person, Severity, Submission, Summary, Version } from "./api";
import { LIST, type Route } from "./route";

export interface Asked {
  act: Act;
  /** Whom it is about: one submission, or those that are marked. */
  ids: readonly string[];
}

export type Dialog = { name: "keys" } | { name: "decide"; asked: Asked };

export interface State {
  readonly me: Person | null;
  readonly isReviewer: boolean;
  readonly route: Route;
  readonly submissions: readonly Summary[];
  readonly next: number | null;
  readonly counts: Page["counts"];
  readonly isListed: boolean;
  /** Why the list or the submission cannot be shown. */
  readonly problem: string;
  /** Where the keyboard stands in the list. */
  readonly cursor: string;
  readonly marked: ReadonlySet<string>;
  /** When each submission was last looked at: its `updated_at` then. */
  readonly seen: Readonly<Record<string, string>>;
  readonly one: Submission | null;
  /** The version that is shown: the newest, or an older one. */
  readonly version: Version | null;
  readonly effect: Effect | null;
  readonly effectProblem: string;
  readonly openNote: string;
  readonly activeLine: number;
  /** The line one writes about; 0 while one does not. */
  readonly writingAt: number;
  readonly severities: ReadonlySet<Severity>;
  readonly isRewriting: boolean;
  readonly dialog: Dialog | null;
}

export type Action =
  | { type: "go"; route: Route }
  | { type: "listed"; page: Page; isMore?: boolean }
  | { type: "problem"; problem: string }
  | { type: "cursor"; id: string }
  | { type: "mark"; ids: readonly string[]; isOn: boolean }
  | { type: "got"; submission: Submission }
  | { type: "version"; version: Version }
  | { type: "effect"; effect: Effect | null; problem?: string }
  | { type: "note"; key: string }
  | { type: "line"; line: number }
  | { type: "write"; line: number }
  | { type: "severity"; severity: Severity }
  | { type: "rewrite"; isOn: boolean }
  | { type: "dialog"; dialog: Dialog | null };

export function initial(values: Pick<State, "me" | "isReviewer" | "seen">): State {
  return {
    ...values,
    route: LIST,
    submissions: [],
    next: null,
    counts: {},
    isListed: false,
    problem: "",
    cursor: "",
    marked: new Set(),
    one: null,
    version: null,
    effect: null,
    effectProblem: "",
    openNote: "",
    activeLine: 1,
    writingAt: 0,
    severities: new Set(["error", "warning"]),
    isRewriting: false,
    dialog: null,
  };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "go":
      return go(state, action.route);
    case "listed":
      return listed(state, action.page, action.isMore ?? false);
    case "problem":
      return { ...state, problem: action.problem };
    case "cursor":
      return { ...state, cursor: action.id };
    case "mark":
      return { ...state, marked: marked(state.marked, action.ids, action.isOn) };
    case "got":
      return got(state, action.submission);
    case "version":
      return { ...state, version: action.version, openNote: "", writingAt: 0 };
    case "effect":
      return { ...state, effect: action.effect, effectProblem: action.problem ?? "" };
    case "note":
      return { ...state, openNote: state.openNote === action.key ? "" : action.key };
    case "line":
      return { ...state, activeLine: Math.max(1, action.line) };
    case "write":
      return {
        ...state,
        writingAt: action.line,
        activeLine: action.line || state.activeLine,
      };
    case "severity":
      return { ...state, severities: toggled(state.severities, action.severity) };
    case "rewrite":
      return { ...state, isRewriting: action.isOn };
    case "dialog":
      return { ...state, dialog: action.dialog };
  }
}

function go(state: State, route: Route): State {
  const before = state.route;
  const isSame = before.page === "one" && route.page === "one" && before.id === route.id;
  if (isSame) return { ...state, route, openNote: "", writingAt: 0 };
  const empty = { one: null, version: null, effect: null, effectProblem: "", isRewriting: false };
  const place = { activeLine: 1, writingAt: 0, openNote: "" };
  const cursor = route.page === "one" ? route.id : state.cursor;
  return { ...state, ...empty, ...place, cursor, problem: "", marked: new Set(), route };
}

function listed(state: State, page: Page, isMore: boolean): State {
  const submissions = isMore ? [...state.submissions, ...page.submissions] : page.submissions;
  const ids = new Set(submissions.map((one) => one.id));
  const cursor = ids.has(state.cursor) ? state.cursor : (submissions[0]?.id ?? "");
  return {
    ...state,
    submissions,
    next: page.next,
    counts: page.counts,
    isListed: true,
    problem: "",
    cursor,
    marked: new Set([...state.marked].filter((id) => ids.has(id))),
  };
}

/** A submission as it is now; what was read of it stays when its version is the same. */
function got(state: State, submission: Submission): State {
  if (state.route.page !== "one") return state;
  const isNewer = state.one?.version !== submission.version;
  const wantsNewest = state.route.version === 0 || state.route.version === submission.version;
  return {
    ...state,
    one: submission,
    problem: "",
    version: wantsNewest ? submission.latest : state.version,
    effect: isNewer ? null : state.effect,
    seen: { ...state.seen, [submission.id]: submission.updated_at },
    submissions: state.submissions.map((one) => (one.id === submission.id ? submission : one)),
  };
}

function marked(
  before: ReadonlySet<string>,
  ids: readonly string[],
  isOn: boolean,
): ReadonlySet<string> {
  const next = new Set(before);
  for (const id of ids) {
    if (isOn) next.add(id);
    else next.delete(id);
  }
  return next;
}

function toggled(before: ReadonlySet<Severity>, severity: Severity): ReadonlySet<Severity> {
  const next = new Set(before);
  if (!next.delete(severity)) next.add(severity);
  return next;
}

export function isUnread(state: State, submission: Summary): boolean {
  return state.seen[submission.id] !== submission.updated_at;
}

/** The submission before or after the one at the cursor; itself at the ends. */
export function neighbour(state: State, step: 1 | -1): string {
  const at = state.submissions.findIndex((one) => one.id === state.cursor);
  const next = state.submissions[at + step];
  return next?.id ?? state.submissions[Math.max(at, 0)]?.id ?? "";
}

/** Those an act is about: the marked ones, else the one at the cursor; only where it is allowed. */
export function actable(state: State, act: Act): string[] {
  if (state.route.page === "one") {
    return state.one?.may.includes(act) ? [state.one.id] : [];
  }
  const ids = state.marked.size ? state.marked : new Set([state.cursor]);
  return state.submissions
    .filter((one) => ids.has(one.id) && one.may.includes(act))
    .map((one) => one.id);
}
