/** The frames of a classroom's wall, as docs/protocol.md describes them. Nothing here keeps state. */
import type { PodState } from "../protocol/frames";

/** One letter per pod, so that a hundred clusters fit into a frame. */
export const POD_LETTERS: Record<string, PodState> = {
  w: "waiting",
  p: "pulling",
  c: "creating",
  r: "running",
  n: "notready",
  f: "failing",
  s: "succeeded",
  x: "failed",
  t: "terminating",
};

export interface WallNode {
  name: string;
  ready: boolean;
  /** A letter per pod, see POD_LETTERS; at most 40. */
  pods: string;
}

export type StudentState = "invited" | "lobby" | "waiting" | "working" | "finished" | "away";

export interface WallStudent {
  id: string;
  name: string;
  state: StudentState;
  /** Empty until the student has a cluster. */
  session: string;
  nodes: WallNode[];
  /** Letters of the pods that no node has yet. */
  unplaced: string;
  command: { text: string; at: string } | null;
  progress: { done: number; total: number; step: string; since: string } | null;
  /** When the hand went up. */
  hand: string | null;
  /** Browser tabs that are open. */
  here: number;
  /** 0 to 100; the reason is a sentence. */
  attention: { score: number; reason: string };
  /** What the teacher does here: "" nothing, "look", "asked" to help, "help". */
  teacher: "" | "look" | "asked" | "help";
  /** A fault that the teacher set and that is still on. */
  fault: string;
}

export type RoomState = "draft" | "lobby" | "running" | "frozen" | "ended";

export interface Room {
  id: string;
  title: string;
  state: RoomState;
  code: string;
  join_url: string;
  starts_at: string;
  ends_at: string;
  seats: number;
  lesson: string;
  /** What students write is not applied but submitted for review. */
  is_reviewed: boolean;
  /** The names of the actions this teacher may take, see docs/protocol.md. */
  actions: string[];
  faults: { name: string; title: string; target: string }[];
}

export interface HelloFrame {
  type: "hello";
  seq?: number;
  room: Room;
  students: WallStudent[];
}

export interface RoomFrame {
  type: "room";
  seq?: number;
  room: Room;
}

/** Entries are whole and replace the one with the same id. */
export interface WallFrame {
  type: "wall";
  seq?: number;
  set?: WallStudent[];
  remove?: string[];
}

export interface ErrorFrame {
  type: "error";
  message: string;
  seq?: number;
}

export type FromServer = HelloFrame | RoomFrame | WallFrame | ErrorFrame | { type: "pong"; seq?: number };
