/** A student's page and its classroom: what the teacher says and does, one's hand, what is off. */
import { computed, signal } from "@preact/signals-core";
import { call, RequestError } from "../api/playground";
import type { FromSeat, SeatFrame } from "../classroom/frames";
import { Socket } from "../protocol/socket";
import { say } from "../state/store";

export interface ClassroomData {
  id: string;
  code: string;
  title: string;
  ws: string;
}

export interface ClassroomPage {
  classroom?: ClassroomData;
  /** Acts that are switched off in this session. */
  denied?: string[];
}

export type SeatAct = "raise-hand" | "lower-hand" | "let-in" | "send-out" | "finish";

export const classroom = signal<ClassroomData | null>(null);
export const seat = signal<SeatFrame | null>(null);
/** What the teacher said last and was not put away. */
export const word = signal<{ text: string; at: string } | null>(null);
const denied = signal<ReadonlySet<string>>(new Set());
const PING_MS = 25_000;
const SEEN = "podyard-class-word";

export const isFrozen = computed(() => seat.value?.room?.state === "frozen");

/** Whether an act is switched off, for now or for good. */
export function isOff(act: string): boolean {
  return denied.value.has(act) || (act === "clock" && isFrozen.value);
}

export function followClassroom(page: ClassroomPage): void {
  denied.value = new Set(page.denied ?? []);
  if (!page.classroom) return;
  classroom.value = page.classroom;
  const url = new URL(page.classroom.ws, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new Socket<FromSeat, { type: "ping" }>({
    url: url.href,
    onFrame: take,
    onState: () => {},
  });
  socket.start();
  setInterval(() => socket.send({ type: "ping" }), PING_MS);
}

function take(frame: FromSeat): void {
  if (frame.type === "seat") {
    seat.value = frame;
    const last = frame.messages?.at(-1);
    if (last && last.at > (sessionStorage.getItem(SEEN) ?? "")) word.value = last;
  } else if (frame.type === "message") {
    word.value = { text: frame.text, at: frame.at };
  }
}

/** The message was read: it is not shown again in this tab. */
export function putAway(): void {
  if (word.value) sessionStorage.setItem(SEEN, word.value.at);
  word.value = null;
}

export async function act(action: SeatAct): Promise<void> {
  const room = classroom.peek();
  if (!room) return;
  try {
    const answer = await call<SeatFrame>("POST", `/classrooms/${room.id}/seat`, { action });
    seat.value = { ...seat.peek(), ...answer, type: "seat" };
  } catch (problem) {
    if (!(problem instanceof RequestError)) throw problem;
    say(problem.message, { tone: "bad" });
  }
}
