/** What a teacher does from the wall, over REST; the answer is said in one line. */
import { call, RequestError } from "../api/playground";
import { plural } from "../words";
import { dialog, note, picked, wall, type WallData } from "./state";

export interface ActAnswer {
  done: string[];
  failed: { student: string; message: string }[];
  url?: string;
}

let data: WallData | null = null;

export function useData(found: WallData): void {
  data = found;
}

/** Where a file of the room is: results.csv, replay.zip, qr.svg. */
export function fileUrl(name: string): string {
  return `${data?.api ?? ""}/${name}`;
}

/** Whom an act is for: one student, those picked, or nobody named, which is everybody. */
export function targets(student = ""): string[] {
  return student ? [student] : [...picked.peek()];
}

/** Does it, says how it went, and answers null when it was refused. */
export async function act(
  action: string,
  students: readonly string[] = [],
  value?: string | boolean,
): Promise<ActAnswer | null> {
  if (!data) return null;
  const body = {
    action,
    ...(students.length ? { students } : {}),
    ...(value === undefined ? {} : { value }),
  };
  try {
    const answer = await call<ActAnswer>("POST", `/classrooms/${data.id}/actions`, body);
    note.value = outcome(action, answer);
    return answer;
  } catch (error) {
    const text = error instanceof RequestError ? error.message : "That did not work. Try again.";
    note.value = { text, isBad: true };
    return null;
  }
}

const DONE: Record<string, string> = {
  start: "The class has started",
  freeze: "Everything stands still",
  resume: "Time runs again",
  extend: "More time given",
  end: "The class has ended",
  message: "Message sent",
  manifest: "Manifest applied",
  break: "Broken",
  mend: "Mended",
  reset: "Back to the start",
  review: "Review switched",
  help: "Asked whether you may help",
  leave: "You have left",
  rename: "Renamed",
  remove: "Removed",
  "lower-hand": "Hand lowered",
};

/** Says what happened, naming the first that failed. Pure but for the names. */
export function outcome(action: string, answer: ActAnswer): { text: string; isBad: boolean } {
  const said = DONE[action] ?? "Done";
  const [first] = answer.failed;
  if (!first) return { text: `${said}${whom(answer.done)}.`, isBad: false };
  const more = answer.failed.length > 1 ? ` and ${answer.failed.length - 1} more` : "";
  const done = answer.done.length ? `${said}${whom(answer.done)}, but not` : "Not done";
  return { text: `${done} for ${nameOf(first.student)}${more}: ${first.message}`, isBad: true };
}

function whom(done: readonly string[]): string {
  if (done.length === 0) return "";
  return done.length === 1
    ? ` for ${nameOf(done[0] as string)}`
    : ` for ${plural(done.length, "student")}`;
}

function nameOf(id: string): string {
  return wall.peek().students.get(id)?.name ?? "a student";
}

/** Opens the student's cluster beside the wall; the student is told. */
export async function look(student: string): Promise<void> {
  const tab = open("", "_blank");
  const answer = await act("look", [student]);
  if (answer?.url && tab) {
    tab.opener = null;
    tab.location.href = answer.url;
  } else {
    tab?.close();
  }
}

export function ask(name: typeof dialog.value): void {
  note.value = null;
  dialog.value = name;
}
