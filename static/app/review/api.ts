/** The review desk's REST API, as docs/reviews.md describes it. */
import { call } from "../api/playground";
import type { SceneFrame } from "../protocol/frames";

export type Severity = "error" | "warning" | "info";

export type SubmissionState =
  "open" | "changes-requested" | "approved" | "applied" | "failed" | "rejected" | "withdrawn";

export type Act = "approve" | "reject" | "request-changes" | "withdraw";

export type May = "comment" | "assign" | "resubmit" | Act;

export interface Person {
  id: string;
  name: string;
}

export interface Summary {
  id: string;
  session: { id: string; name: string };
  number: number;
  state: SubmissionState;
  title: string;
  submitter: Person;
  source: string;
  command: string;
  created_at: string;
  updated_at: string;
  version: number;
  documents: number;
  kinds: string[];
  namespaces: string[];
  assignee: Person | null;
  comments: number;
  findings: Partial<Record<Severity, number>>;
  url: string;
  may: May[];
}

export interface Finding {
  rule: string;
  title?: string;
  category?: string;
  severity: Severity;
  document: number;
  line: number;
  column: number;
  path: string;
  message: string;
  fix: string;
  reference?: string;
}

export interface Item {
  document: number | null;
  line: number;
  /** What is done, in people's words. */
  act: string;
  verb: string;
  kind: string;
  namespace: string;
  name: string;
  is_manifest: boolean;
  is_secret: boolean;
}

export interface Version {
  version: number;
  at: string;
  source: string;
  command: string;
  message: string;
  text: string;
  findings: Finding[];
  items: Item[];
  /** It is larger than is kept, and cannot be approved. */
  is_cut?: boolean;
}

export type VersionNote = Pick<Version, "version" | "at" | "source" | "command" | "message">;

export interface Remark {
  number: number;
  by: Person;
  at: string;
  version: number;
  line: number | null;
  text: string;
}

export interface Decided {
  by: Person;
  at: string;
  act: Act | (string & {});
  version: number;
  message: string;
}

export interface Applied {
  document: number;
  kind: string;
  namespace: string;
  name: string;
  verb: string;
  outcome: "created" | "configured" | "unchanged" | "deleted" | "done" | "refused" | (string & {});
  code: number;
  reason: string;
  message: string;
  diff: string | null;
}

export interface Submission extends Summary {
  latest: Version;
  versions: VersionNote[];
  conversation: Remark[];
  decisions: Decided[];
  result: Applied[] | null;
}

export interface Two {
  before: number;
  after: number;
}

export interface Of extends Two {
  allocatable: number;
}

export interface EffectPod {
  namespace: string;
  name: string;
  /** Empty when it has none. */
  node: string;
  /** Where it was before it moved. */
  from: string;
  /** "ReplicaSet/web", or empty. */
  owner: string;
  reason: string;
  message: string;
}

export type PodFate = "created" | "moved" | "evicted" | "deleted" | "pending" | "failed";

export interface Effect {
  version: number;
  seconds: number;
  is_quiet: boolean;
  applied: Applied[];
  pods: Record<PodFate, EffectPod[]>;
  workloads: { kind: string; namespace: string; name: string; wanted: Two; ready: Two }[];
  services: { namespace: string; name: string; endpoints: Two; change: string }[];
  quotas: {
    namespace: string;
    name: string;
    resource: string;
    hard: string;
    used: { before: string; after: string };
    left: string;
  }[];
  cost: { cpu_milli: Two; memory_bytes: Two };
  nodes: { name: string; pods: Of; cpu_milli: Of; memory_bytes: Of }[];
  warnings: {
    reason: string;
    message: string;
    kind: string;
    namespace: string;
    name: string;
    count: number;
  }[];
  scene: Omit<SceneFrame, "type">;
}

export interface Page {
  submissions: Summary[];
  next: number | null;
  counts: Partial<Record<SubmissionState, number>>;
}

export interface Write {
  number: number;
  session: string;
  at: string;
  by: Person;
  source: string;
  command: string;
  act: string;
  kind: string;
  namespace: string;
  name: string;
  code: number;
  reason: string;
  message: string;
  submission: string | null;
  text?: string;
}

export interface BulkResult {
  id: string;
  ok: boolean;
  state?: SubmissionState;
  message?: string;
}

export interface ReviewSwitch {
  on: boolean;
  reviewers: Person[];
  open: number;
  may_switch: boolean;
}

export type Query = Partial<
  Record<"state" | "session" | "assignee" | "submitter" | "source" | "text" | "cursor", string>
>;

export function listWrites(
  query: Partial<Record<"session" | "source" | "cursor", string>>,
): Promise<{ writes: Write[]; next: number | null }> {
  const given = Object.entries(query).filter(([, value]) => value);
  return call("GET", `/writes?${new URLSearchParams(given).toString()}`);
}

export const getWrite = (number: number): Promise<Write> => call("GET", `/writes/${number}`);

const one = (id: string, rest = "") => `/reviews/${encodeURIComponent(id)}${rest}`;

/** A page of the list, newest first. */
export async function listSubmissions(query: Query): Promise<Page> {
  const given = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(given).toString();
  return call("GET", `/reviews${text ? `?${text}` : ""}`);
}

export const getSubmission = (id: string): Promise<Submission> => call("GET", one(id));

export const getVersion = (id: string, version: number, reveal = false): Promise<Version> =>
  call("GET", one(id, `/versions/${version}${reveal ? "?reveal=true" : ""}`));

export const getChanges = (id: string, from: number, to: number): Promise<{ diff: string }> =>
  call("GET", one(id, `/changes?from=${from}&to=${to}`));

export const getEffect = (id: string, version: number): Promise<Effect> =>
  call("GET", one(id, `/effect?version=${version}`));

export function comment(
  id: string,
  text: string,
  place?: { version: number; line: number },
): Promise<Remark> {
  return call("POST", one(id, "/comments"), { text, ...place });
}

export const decide = (
  id: string,
  act: Act,
  message: string,
  version: number,
): Promise<Submission> => call("POST", one(id, "/decisions"), { act, message, version });

export const resubmit = (id: string, text: string, message: string): Promise<Submission> =>
  call("POST", one(id, "/versions"), { text, message });

export const assign = (id: string, assignee: string | null): Promise<Submission> =>
  call("PUT", one(id, "/assignee"), { assignee });

export function bulk(
  ids: readonly string[],
  what: { act: Act; message: string } | { assignee: string | null },
): Promise<{ results: BulkResult[] }> {
  return call("POST", "/reviews/bulk", { ids, ...what });
}

export const getReviewers = (session: string): Promise<{ reviewers: Person[] }> =>
  call("GET", `/reviews/reviewers?session=${encodeURIComponent(session)}`);

export const getSwitch = (session: string): Promise<ReviewSwitch> =>
  call("GET", `/sessions/${session}/review`);

export const putSwitch = (session: string, on: boolean): Promise<ReviewSwitch> =>
  call("PUT", `/sessions/${session}/review`, { on });
