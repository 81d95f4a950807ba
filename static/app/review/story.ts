/** What happened to a submission, in order: versions, remarks, decisions, what became of it. Pure. */
import type { Person, Remark, Submission, SubmissionState } from "./api";

export interface Event {
  key: string;
  at: string;
  by: Person;
  words: string;
  /** What they wrote. */
  text: string;
  tone: "plain" | "good" | "bad" | "wait";
  remark: Remark | null;
}

const ACTS: Record<string, [words: string, tone: Event["tone"]]> = {
  approve: ["approved it", "good"],
  reject: ["rejected it", "bad"],
  "request-changes": ["asked for changes", "wait"],
  withdraw: ["withdrew it", "plain"],
};

export const STATES: Record<SubmissionState, [words: string, tone: Event["tone"]]> = {
  open: ["waits for review", "wait"],
  "changes-requested": ["changes requested", "wait"],
  approved: ["approved", "good"],
  applied: ["applied", "good"],
  failed: ["approved, but refused by the cluster", "bad"],
  rejected: ["rejected", "bad"],
  withdrawn: ["withdrawn", "plain"],
};

export function stateWords(state: SubmissionState): string {
  return STATES[state]?.[0] ?? state;
}

export function stateTone(state: SubmissionState): Event["tone"] {
  return STATES[state]?.[1] ?? "plain";
}

export function story(submission: Submission): Event[] {
  const events: Event[] = submission.versions.map((one) => ({
    key: `version-${one.version}`,
    at: one.at,
    by: submission.submitter,
    words: one.version === 1 ? "submitted it" : `submitted version ${one.version}`,
    text: one.message,
    tone: "plain",
    remark: null,
  }));
  for (const remark of submission.conversation) {
    const where = remark.line === null ? "" : ` on line ${remark.line}`;
    const which = remark.version === submission.version ? "" : ` of version ${remark.version}`;
    events.push({
      key: `remark-${remark.number}`,
      at: remark.at,
      by: remark.by,
      words: `commented${where}${where ? which : ""}`,
      text: remark.text,
      tone: "plain",
      remark,
    });
  }
  for (const [index, one] of submission.decisions.entries()) {
    const [words, tone] = ACTS[one.act] ?? [one.act, "plain"];
    events.push({
      key: `decision-${index}`,
      at: one.at,
      by: one.by,
      words,
      text: one.message,
      tone,
      remark: null,
    });
  }
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Where writes of people come from, those that are filtered by. */
export const SOURCES = ["editor", "console", "kubectl", "api", "lesson"] as const;

const SOURCE_WORDS: Record<string, string> = {
  editor: "the editor",
  console: "the console",
  kubectl: "kubectl",
  api: "the API",
  lesson: "a lesson",
  teacher: "a teacher",
  review: "a review",
};

export function sourceWords(source: string): string {
  return SOURCE_WORDS[source] ?? source;
}

const MINUTE = 60_000;

/** "just now", "5 min", "3 h", "2 d" */
export function ageWords(at: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(at)) / MINUTE);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} d`;
}
