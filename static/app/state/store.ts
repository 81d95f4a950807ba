/** Holds the state in a signal; panels read the slices, everyone acts through `dispatch`. */
import { computed, signal } from "@preact/signals-core";
import { reduce, type Action } from "./reducer";
import { canWrite, initialState, isExpired, type State, type Toast } from "./state";

const current = signal<State>(initialState({ id: "", name: "", server: "", role: "viewer" }));

/** Begins anew with the given state; called once by the workspace's entry. */
export function begin(state: State): void {
  current.value = state;
}

export function dispatch(action: Action): void {
  current.value = reduce(current.value, action);
}

/** The state as it is now, without being told of changes. */
export function peek(): State {
  return current.peek();
}

function slice<K extends keyof State>(name: K) {
  return computed(() => current.value[name]);
}

export const session = slice("session");
export const you = slice("you");
export const connection = slice("connection");
export const refusal = slice("refusal");
export const hasScene = slice("hasScene");
export const scene = slice("scene");
export const decisions = slice("decisions");
export const timeline = slice("timeline");
export const clock = slice("clock");
export const people = slice("people");
/** Changes when somebody comes, goes, or has another role or name; not when they move. */
export const crowd = computed(() =>
  people.value.map(({ id, name, role }) => `${id} ${role} ${name}`).join("\n"),
);
export const following = slice("following");
export const mirror = slice("mirror");
export const selection = slice("selection");
export const inspectorTab = slice("inspectorTab");
export const filter = slice("filter");
export const view = slice("view");
export const picture = slice("picture");
export const phoneTab = slice("phoneTab");
export const dockTab = slice("dockTab");
export const isDockOpen = slice("isDockOpen");
export const isEditorOpen = slice("isEditorOpen");
export const lesson = slice("lesson");
export const lessonProgress = slice("lessonProgress");
export const reviewNews = slice("reviewNews");
export const sideTab = slice("sideTab");
export const terminals = slice("terminals");
export const consoleProblem = slice("consoleProblem");
export const toasts = slice("toasts");
export const dialog = slice("dialog");
export const theme = slice("theme");
export const mayWrite = computed(() => canWrite(current.value));
export const hasExpired = computed(() => isExpired(current.value));

let toastNumber = 0;
const TOAST_MS = 6000;

/** Shows a short note; it leaves by itself unless it offers an action (then it stays longer). */
export function say(text: string, options: Partial<Omit<Toast, "id" | "text">> = {}): void {
  const id = ++toastNumber;
  dispatch({ type: "toast", toast: { id, text, tone: "plain", ...options } });
  const delay = options.action || options.tone === "bad" ? TOAST_MS * 2 : TOAST_MS;
  setTimeout(() => dispatch({ type: "toast-gone", id }), delay);
}
