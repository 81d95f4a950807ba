/** The page's keys: single letters where nobody types, ⌘K everywhere. */
import { MOD } from "../elements/modifier";
import { dispatch, peek } from "../state/store";
import { focusTerminal } from "../session/terminals";
import { step, togglePause } from "../session/clock";
import { canWrite } from "../state/state";
import { focusFilter, toggleDock, toggleEditor, togglePicture } from "./commands";

export interface KeyHelp {
  keys: string;
  words: string;
}

export const KEYS: readonly KeyHelp[] = [
  { keys: `${MOD}K`, words: "Find anything" },
  { keys: `${MOD}Enter`, words: "Apply the YAML" },
  { keys: "/", words: "Filter the picture" },
  { keys: "Arrows", words: "Walk nodes and pods" },
  { keys: "Enter", words: "Choose" },
  { keys: "Shift+F10", words: "What one may do to it" },
  { keys: "P", words: "Pause or resume the cluster" },
  { keys: "S", words: "Step to the next thing that happens" },
  { keys: "C", words: "Console" },
  { keys: "E", words: "Events" },
  { keys: "T", words: "Timeline" },
  { keys: "Y", words: "Show or hide the editor" },
  { keys: "D", words: "Show or hide the dock" },
  { keys: "L", words: "Picture or list" },
  { keys: "U", words: "Who is here" },
  { keys: "W", words: "Wall display" },
  { keys: "Esc", words: "Close what is open" },
  { keys: "Shift+Esc", words: "Leave the terminal" },
  { keys: "?", words: "These keys" },
];

const ACTIONS: Record<string, () => void> = {
  "?": () => dispatch({ type: "dialog", dialog: "keys" }),
  "/": focusFilter,
  c: () => {
    dispatch({ type: "dock", tab: "console" });
    focusTerminal();
  },
  e: () => dispatch({ type: "dock", tab: "events" }),
  t: () => dispatch({ type: "dock", tab: "timeline" }),
  y: toggleEditor,
  d: toggleDock,
  l: togglePicture,
  u: () => dispatch({ type: "dialog", dialog: "people" }),
  w: () => dispatch({ type: "view", view: peek().view === "picture" ? "work" : "picture" }),
  p: () => canWrite(peek()) && togglePause(),
  s: () => canWrite(peek()) && step(),
};

export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    const isPalette = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k";
    if (isPalette && !(event.ctrlKey && isInTerminal(event.target))) {
      event.preventDefault();
      dispatch({ type: "dialog", dialog: peek().dialog === "palette" ? null : "palette" });
      return;
    }
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (event.key === "Escape") {
      leave();
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || peek().dialog) return;
    const action = ACTIONS[event.key === "?" ? "?" : event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function leave(): void {
  const state = peek();
  if (state.dialog) dispatch({ type: "dialog", dialog: null });
  else if (state.selection) dispatch({ type: "select", selection: null });
  else if (state.view === "picture") dispatch({ type: "view", view: "work" });
}

/** Ctrl+K is the shell's own: it cuts the rest of the line. */
function isInTerminal(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".xterm") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, .xterm, .cm-editor, [role=menu]") !== null)
  );
}
