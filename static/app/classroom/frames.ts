/** What a student's page is told of the classroom, as docs/protocol.md describes it. */
export interface SeatFrame {
  type: "seat";
  state: "lobby" | "waiting" | "working" | "finished" | "removed";
  room?: {
    id: string;
    title: string;
    state: "draft" | "lobby" | "running" | "frozen" | "ended";
    code: string;
    lesson: string;
    starts_at: string;
    ends_at: string;
    frozen_at: string;
    allowed: string[];
  };
  student?: { id: string; name: string; pin: string };
  url?: string;
  ends_at?: string;
  hand?: string | null;
  teacher?: "" | "look" | "asked" | "help";
  progress?: { done: number; total: number; step: string; since: string } | null;
  place?: number;
  messages?: { text: string; at: string }[];
}

export interface MessageFrame {
  type: "message";
  text: string;
  at: string;
}

export type FromSeat =
  | SeatFrame
  | MessageFrame
  | { type: "error"; message: string }
  | { type: "pong" };
