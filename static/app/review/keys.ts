/** The desk's keys: everything a reviewer does again and again is one letter. */
import { ask, assign, back, go, open } from "./acts";
import { byPlace, keyOf } from "./margin";
import type { Tab } from "./route";
import { neighbour } from "./state";
import { dispatch, peek } from "./store";

export interface KeyHelp {
  keys: string;
  words: string;
}

export const LIST_KEYS: readonly KeyHelp[] = [
  { keys: "J  K", words: "Next, previous submission" },
  { keys: "Enter", words: "Open it" },
  { keys: "X", words: "Mark it, for what is done to several" },
  { keys: "Shift+X", words: "Mark all, or none" },
  { keys: "/", words: "Search" },
  { keys: "1  2  3  4", words: "Open, sent back, decided, all" },
];

export const ONE_KEYS: readonly KeyHelp[] = [
  { keys: "J  K", words: "Next, previous finding" },
  { keys: "I", words: "Show or hide hints" },
  { keys: "↑  ↓", words: "Walk the lines, from a line number" },
  { keys: "C", words: "Comment on the line" },
  { keys: "1  2  3", words: "Text, difference, what it would do" },
  { keys: "[  ]", words: "Previous, next submission" },
  { keys: "U  Esc", words: "Back to the list" },
];

export const BOTH_KEYS: readonly KeyHelp[] = [
  { keys: "A", words: "Approve" },
  { keys: "R", words: "Request changes" },
  { keys: "D", words: "Reject" },
  { keys: "M", words: "Take it, or hand it back" },
  { keys: "?", words: "These keys" },
];

export const RECORD_KEYS: readonly KeyHelp[] = [
  { keys: "U  Esc", words: "Back to the list" },
  { keys: "?", words: "These keys" },
];

type Keys = Record<string, () => void>;

const BOTH: Keys = {
  "?": () => dispatch({ type: "dialog", dialog: { name: "keys" } }),
  a: () => ask("approve"),
  r: () => ask("request-changes"),
  d: () => ask("reject"),
  m: takeOrHandBack,
};

const LIST: Keys = {
  ...BOTH,
  j: () => move(1),
  k: () => move(-1),
  arrowdown: () => move(1),
  arrowup: () => move(-1),
  enter: () => open(peek().cursor),
  o: () => open(peek().cursor),
  x: toggleMark,
  X: toggleAll,
  "/": () => document.querySelector<HTMLInputElement>(".desk-search input")?.focus(),
  "1": () => stage("open"),
  "2": () => stage("changes"),
  "3": () => stage("decided"),
  "4": () => stage("all"),
};

const ONE: Keys = {
  ...BOTH,
  j: () => walkFindings(1),
  k: () => walkFindings(-1),
  i: () => dispatch({ type: "severity", severity: "info" }),
  c: comment,
  u: back,
  escape: back,
  "[": () => open(neighbour(peek(), -1)),
  "]": () => open(neighbour(peek(), 1)),
  "1": () => tab("text"),
  "2": () => tab("difference"),
  "3": () => tab("effect"),
};

const RECORD: Keys = { "?": BOTH["?"] as () => void, u: back, escape: back };

export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    const { route, dialog, isRewriting } = peek();
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
    if (dialog || isRewriting || isTyping(event.target)) return;
    const isPressing = event.target instanceof HTMLElement && event.target.closest("button, a");
    if (event.key === "Enter" && isPressing) return;
    const keys = { list: LIST, one: ONE, record: RECORD }[route.page];
    const action = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function move(step: 1 | -1): void {
  dispatch({ type: "cursor", id: neighbour(peek(), step) });
}

function toggleMark(): void {
  const { cursor, marked } = peek();
  dispatch({ type: "mark", ids: [cursor], isOn: !marked.has(cursor) });
}

function toggleAll(): void {
  const { submissions, marked } = peek();
  const ids = submissions.map((one) => one.id);
  dispatch({ type: "mark", ids, isOn: marked.size < ids.length });
}

function stage(name: "open" | "changes" | "decided" | "all"): void {
  const { route } = peek();
  if (route.page === "list") go({ ...route, stage: name }, true);
}

function tab(name: Tab): void {
  const { route } = peek();
  if (route.page === "one") go({ ...route, tab: name }, true);
}

function takeOrHandBack(): void {
  const { route, one, submissions, cursor, me } = peek();
  const first = route.page === "one" ? one : submissions.find((each) => each.id === cursor);
  if (first) void assign(first.assignee?.id === me?.id ? null : "me");
}

/** From the active line on, around the end; the finding opens and comes into view. */
function walkFindings(step: 1 | -1): void {
  const { version, severities, openNote } = peek();
  const shown = (version?.findings ?? []).filter((one) => severities.has(one.severity));
  if (!shown.length) return;
  if (currentTabIs("text") === false) tab("text");
  shown.sort(byPlace);
  const at = shown.findIndex((one) => keyOf(one) === openNote);
  const from = at < 0 && step < 0 ? 0 : at;
  const next = shown[(from + step + shown.length) % shown.length];
  if (!next) return;
  dispatch({ type: "line", line: next.line });
  dispatch({ type: "note", key: keyOf(next) });
}

function currentTabIs(name: Tab): boolean {
  const { route } = peek();
  return route.page === "one" && route.tab === name;
}

function comment(): void {
  const { one, activeLine } = peek();
  if (!one?.may.includes("comment")) return;
  tab("text");
  dispatch({ type: "write", line: activeLine });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input:not([type=checkbox]), textarea, select, .cm-editor, [role=menu]") !==
        null)
  );
}
