/** Opening, finding and closing terminals; they live on the server and survive a reload. */
import { FACES } from "../kinds/registry";
import { effect } from "@preact/signals-core";
import type { TerminalListed } from "../protocol/people";
import { isExpired, type Terminal } from "../state/state";
import { dispatch, mayWrite, peek } from "../state/store";
import { RequestError, type TerminalOpened } from "../api/playground";
import { attempt, onFrame, playground } from "./context";

/** The dock's tab of a terminal. */
export function terminalTab(terminal: Terminal): string {
  return terminal.kind === "console" ? "console" : `terminal-${terminal.number}`;
}

/**
 * Finds the terminals that are open already, and opens a console when there is none. Those who may
 * only look see what is open, and open nothing.
 */
export async function restoreTerminals(mayOpen: boolean): Promise<void> {
  await attempt(async () => {
    const answer = await playground().terminals();
    const all = Array.isArray(answer) ? answer : answer.terminals;
    const open = all.filter((one) => !one.over).map(asTerminal);
    dispatch({ type: "terminals", terminals: open });
    const hasConsole = open.some((terminal) => terminal.kind === "console");
    if (!hasConsole && mayOpen) await openConsole();
  });
}

/** Whoever may write from now on gets a console; terminals that others open and close appear. */
export function followTerminals(): void {
  let could = mayWrite.peek();
  effect(() => {
    const can = mayWrite.value;
    if (can && !could) void restoreTerminals(true);
    could = can;
  });
  onFrame((frame) => {
    if (frame.type === "terminals") accept(frame.terminals);
  });
}

function accept(listed: readonly TerminalListed[]): void {
  const { terminals: known, dockTab } = peek();
  const isKnown = (number: number) => known.some((one) => one.number === number);
  const open = listed.filter((one) => !one.over || isKnown(one.number)).map(asTerminal);
  dispatch({ type: "terminals", terminals: open });
  const isGone = dockTab.startsWith("terminal-") && !open.some((one) => terminalTab(one) === dockTab);
  if (isGone) dispatch({ type: "dock-left" });
}

/** Opens the console; when that fails, the dock says why and offers to try again. */
export async function openConsole(): Promise<void> {
  dispatch({ type: "console-problem", problem: "" });
  const others = peek().terminals.filter((terminal) => terminal.kind !== "console");
  dispatch({ type: "terminals", terminals: others });
  try {
    add(asTerminal({ ...(await playground().openConsole()), kind: "console" }));
  } catch (problem) {
    if (!(problem instanceof RequestError)) throw problem;
    dispatch({ type: "console-problem", problem: problem.message });
  }
}

const LOST_AGAIN_MS = 5000;
/** That the session has ended comes by another connection. */
const NEWS_MS = 300;
let lostAt = -Infinity;

/** The server has no such console any more (it was started anew): another takes its place. */
export function consoleLost(): void {
  const isAgain = performance.now() - lostAt < LOST_AGAIN_MS;
  lostAt = performance.now();
  if (isAgain) dispatch({ type: "console-problem", problem: "the server ended it" });
  else setTimeout(() => !isExpired(peek()) && void openConsole(), NEWS_MS);
}

/** Puts the keyboard into the terminal that is shown. */
export function focusTerminal(): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(".dock-panel:not(.absent) .xterm-helper-textarea")?.focus();
  });
}

/** Opens a shell in a pod's container and shows it. */
export async function openTerminal(key: string, container?: string): Promise<void> {
  const { namespace, name } = FACES.pod.parts(key);
  await attempt(async () => {
    const opened = await playground().openExec(namespace, name, container);
    const terminal = asTerminal({ ...opened, kind: "exec" });
    add({ ...terminal, title: terminal.title || name });
    dispatch({ type: "dock", tab: terminalTab(terminal) });
    dispatch({ type: "phone-tab", tab: "console" });
  });
}

export async function closeTerminal(terminal: Terminal): Promise<void> {
  const { terminals, dockTab } = peek();
  dispatch({
    type: "terminals",
    terminals: terminals.filter((one) => one.number !== terminal.number),
  });
  if (dockTab === terminalTab(terminal)) dispatch({ type: "dock", tab: "console" });
  await attempt(() => playground().closeTerminal(terminal.number));
}

function add(terminal: Terminal): void {
  const others = peek().terminals.filter((one) => one.number !== terminal.number);
  dispatch({ type: "terminals", terminals: [...others, terminal] });
}

function asTerminal(opened: TerminalOpened): Terminal {
  const kind = opened.kind ?? (/^console/i.test(opened.title) ? "console" : "exec");
  return { number: opened.number, title: opened.title, kind };
}
