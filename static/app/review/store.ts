/** Holds the desk's state in a signal; elements read it, everyone acts through `dispatch`. */
import { computed, signal } from "@preact/signals-core";
import { initial, reduce, type Action, type State } from "./state";

const current = signal<State>(initial({ me: null, isReviewer: false, seen: {} }));

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

/** The whole state; reading it in a render asks to be rendered again. */
export const state = computed(() => current.value);

function slice<K extends keyof State>(name: K) {
  return computed(() => current.value[name]);
}

export const route = slice("route");
export const one = slice("one");
export const version = slice("version");
export const effect = slice("effect");
export const seen = slice("seen");
export const dialog = slice("dialog");
