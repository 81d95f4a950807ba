/**
 * The frames of a session's WebSocket, as docs/protocol.md describes them.
 * Read by the socket and the reducer; nothing here keeps state.
 */

import type {
  Author,
  KeyboardClientFrame,
  KeyboardFrame,
  PeopleClientFrame,
  PeopleFrame,
  Person,
  Role,
} from "./people";

export type { Person, Role } from "./people";

export interface Amount {
  allocatable: number;
  requested: number;
  used: number;
}

export interface SceneNode {
  name: string;
  ready: boolean;
  reason?: string;
  cordoned?: boolean;
  roles?: string[];
  zone?: string;
  taints?: string[];
  cpu?: Partial<Amount>;
  memory?: Partial<Amount>;
  pods?: { allocatable?: number; count?: number };
  created?: string | number;
}

export type PodState =
  | "waiting"
  | "pulling"
  | "creating"
  | "running"
  | "notready"
  | "failing"
  | "succeeded"
  | "failed"
  | "terminating";

export interface ScenePod {
  key: string;
  namespace: string;
  name: string;
  uid?: string;
  phase: string;
  state: PodState;
  text?: string;
  reason?: string;
  node?: string;
  owner?: { kind: string; name: string };
  ready?: [number, number];
  restarts?: number;
  containers?: string[];
  ip?: string;
  labels?: Record<string, string>;
  created?: string | number;
  cpu?: number;
  memory?: number;
  waiting?: { reason: string; message: string };
  /** The node that preemption makes room on for it. */
  nominated?: string;
  /** Keys of the volume claims it uses. */
  volumes?: string[];
}

export interface ServicePort {
  port: number;
  name?: string;
  targetPort?: string | number;
  nodePort?: number;
  protocol?: string;
}

export interface SceneService {
  key: string;
  namespace: string;
  name: string;
  type?: string;
  clusterIP?: string;
  ports?: (string | number | ServicePort)[];
  pods?: string[];
}

export interface SceneVolume {
  key: string;
  namespace: string;
  name: string;
  phase?: string;
  volume?: string;
  storage?: string;
}

export interface SceneWorkload {
  key: string;
  kind: string;
  namespace: string;
  name: string;
  desired?: number;
  ready?: number;
}

export interface SceneItems {
  nodes: SceneNode;
  pods: ScenePod;
  services: SceneService;
  volumes: SceneVolume;
  workloads: SceneWorkload;
}

export type CollectionName = keyof SceneItems;

export const COLLECTIONS = ["nodes", "pods", "services", "volumes", "workloads"] as const;

export type Components = Record<string, number>;

export type SceneRecords = { [C in CollectionName]?: Record<string, SceneItems[C]> };

export interface SceneFrame extends SceneRecords {
  type: "scene";
  seq?: number;
  revision?: number;
  components?: Components;
}

export interface Decision {
  pod: string;
  node: string | null;
  result?: string;
  message?: string;
  rejected?: Record<string, string>;
  scores?: Record<string, number>;
}

export interface DeltaFrame {
  type: "delta";
  seq?: number;
  revision?: number;
  set?: SceneRecords;
  remove?: Partial<Record<CollectionName, string[]>>;
  components?: Components;
  decisions?: Decision[];
}

export interface TimelineEntry {
  revision: number;
  time: string | number;
  actor: string;
  verb: string;
  kind: string;
  namespace?: string;
  name: string;
  text: string;
  cause?: string | number;
  person?: Author;
}

/** Why a session expired or ended, and until when it is kept. */
export interface SessionEnd {
  because: string;
  reason: string;
  ended_at: string | null;
  kept_until: string | null;
}

export interface Session {
  id: string;
  name: string;
  role: Role;
  server: string;
  state?: string;
  expires_at?: string | number | null;
  /** The cluster's time in milliseconds. */
  now?: number;
  extendable_minutes?: number;
  /** Whether I may hand out links. */
  share?: boolean;
  warning?: string;
  overtime_until?: string | null;
  ended?: SessionEnd | null;
}

export interface ClockReading {
  now: number;
  /** "max": as fast as it can; a page cannot count along. */
  speed: number | "max";
  paused: boolean;
}

export interface StepProgress {
  id: string;
  passed_at: string | null;
  /** Those shown so far, as HTML. */
  hints: string[];
  attempts: number;
  answer?: { choice: number; right: boolean; because: string };
}

export interface LessonCheck {
  says: string;
  holds: boolean;
  missing: string;
}

export interface LessonProgress {
  slug: string;
  done: number;
  total: number;
  /** A step's id; empty when all are done. */
  current: string;
  since: string;
  finished_at: string | null;
  steps: StepProgress[];
  /** Of the current step. */
  checks: LessonCheck[];
}

export type Frame =
  | {
      type: "hello";
      seq?: number;
      protocol: number;
      session: Session;
      you?: Person;
      clock?: ClockReading;
    }
  | SceneFrame
  | DeltaFrame
  | { type: "timeline"; seq?: number; entries: TimelineEntry[] }
  | ({ type: "clock"; seq?: number } & ClockReading)
  | ({ type: "session"; seq?: number } & Partial<Session>)
  | PeopleFrame
  | ({ type: "lesson"; seq?: number } & LessonProgress)
  | { type: "review"; seq?: number }
  | ({ type: "error"; seq?: number; message: string } & Partial<SessionEnd>)
  | { type: "pong"; seq?: number };

export type ClientFrame =
  | { type: "resume"; seq: number }
  | { type: "clock"; action: "pause" | "resume" | "speed" | "step"; value?: number }
  | { type: "active" }
  | PeopleClientFrame
  | { type: "ping" };

export type TerminalFrame =
  | { type: "output"; seq: number; data: string }
  | { type: "exit"; seq?: number; code: number; message?: string }
  | { type: "ready"; seq: number; columns?: number; rows?: number; title?: string }
  | { type: "size"; seq?: number; columns: number; rows: number }
  | KeyboardFrame
  | { type: "error"; seq?: number; message: string };

export type TerminalClientFrame =
  | KeyboardClientFrame
  | { type: "input"; data: string }
  | { type: "resize"; columns: number; rows: number }
  | { type: "resume"; seq: number };

/** The frame in a text message, or null when it is not one we know how to read. */
export function parseFrame<F extends { type: string }>(text: string): F | null {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && "type" in value) return value as F;
  } catch {
    return null;
  }
  return null;
}
