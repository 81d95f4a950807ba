/** The wall's state: what the server said, and what this teacher has chosen to see. */
import { computed, signal } from "@preact/signals-core";
import type { Connection } from "../protocol/socket";
import { EMPTY_WALL, tally, type Wall } from "./model";
import { orderOf, type Sorting } from "./order";

export interface WallData {
  id: string;
  ws: string;
  api: string;
}

export type DialogName = "" | "message" | "manifest" | "break" | "extend" | "end" | "reset" | "rename" | "remove" | "code";

export const wall = signal<Wall>(EMPTY_WALL);
export const connection = signal<Connection>("connecting");
export const sorting = signal<Sorting>("help");
export const query = signal("");
export const isTable = signal(false);
/** The student whose details are shown. */
export const shown = signal("");
/** Students that the next act is for; none: all. */
export const picked = signal<ReadonlySet<string>>(new Set());
export const dialog = signal<DialogName>("");
/** What came of the last act. */
export const note = signal<{ text: string; isBad: boolean } | null>(null);
/** Wall time in ms, as coarse as what is said of it. */
export const now = signal(Date.now());
/** The order that is shown; changed by `settleOrder` only. */
export const order = signal<readonly string[]>([]);

export const room = computed(() => wall.value.room);
export const counts = computed(() => tally(wall.value.students.values()));

export function may(action: string): boolean {
  return room.value?.actions.includes(action) ?? false;
}

/** Put everybody where they belong; the same array when nobody moves. */
export function settleOrder(): void {
  const next = orderOf(wall.peek().students, sorting.peek(), order.peek());
  const is = order.peek();
  if (next.length !== is.length || next.some((id, index) => id !== is[index])) order.value = next;
}

/** Newcomers get a place and those who left lose theirs at once, without moving the others. */
export function keepOrder(): void {
  const { students } = wall.peek();
  const kept = order.peek().filter((id) => students.has(id));
  const known = new Set(kept);
  const fresh = [...students.keys()].filter((id) => !known.has(id));
  if (fresh.length || kept.length !== order.peek().length) order.value = [...kept, ...fresh];
}

export function pick(id: string): void {
  const next = new Set(picked.peek());
  if (!next.delete(id)) next.add(id);
  picked.value = next;
}
