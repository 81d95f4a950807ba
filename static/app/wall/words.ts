/** What the wall says of a student and of the room, in sentences. Pure. */
import { STATES, STATE_ORDER } from "../kinds/states";
import { instant, plural, span } from "../words";
import { POD_LETTERS, type Room, type WallStudent } from "./frames";
import { isFinished, type Tally } from "./model";

const MINUTE_MS = 60_000;

/** "2 failing, 5 running" */
export function podWords(student: WallStudent): string {
  const counts = new Map<string, number>();
  const letters = student.nodes.map((node) => node.pods).join("") + student.unplaced;
  for (const letter of letters) {
    const state = POD_LETTERS[letter];
    if (state) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const parts = STATE_ORDER.filter((state) => counts.has(state)).map(
    (state) => `${counts.get(state)} ${STATES[state].word}`,
  );
  return parts.join(", ") || "no pods";
}

/** "3 nodes, 1 not ready" */
export function nodeWords(student: WallStudent): string {
  const away = student.nodes.filter((node) => !node.ready).length;
  const all = plural(student.nodes.length, "node");
  return away ? `${all}, ${away} not ready` : all;
}

/** "step 3 of 5 for 4 min": whole minutes, so that the wall is calm. */
export function stepWords(student: WallStudent, now: number): string {
  const { progress } = student;
  if (!progress) return "";
  if (isFinished(student)) return `all ${progress.total} steps done`;
  if (student.state === "finished") return `${progress.done} of ${progress.total} steps done`;
  const since = instant(progress.since);
  const place = `step ${progress.done + 1} of ${progress.total}`;
  const minutes = since === null ? 0 : Math.floor((now - since) / MINUTE_MS);
  return minutes >= 1 ? `${place} for ${minutes} min` : place;
}

export function stateWords(student: WallStudent): string {
  switch (student.state) {
    case "invited":
      return "not here yet";
    case "lobby":
      return "in the lobby";
    case "waiting":
      return "waiting for a seat";
    case "away":
      return "away";
    default:
      return student.here ? "" : "page closed";
  }
}

/** Everything at once, for those who listen. */
export function studentLabel(student: WallStudent, now: number): string {
  return [
    student.name,
    student.hand ? "hand raised" : "",
    stateWords(student),
    student.attention.reason,
    stepWords(student, now),
    student.session ? `${nodeWords(student)}, ${podWords(student)}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

export function roomWords(room: Room, now: number): string {
  const starts = instant(room.starts_at) ?? now;
  const ends = instant(room.ends_at) ?? now;
  switch (room.state) {
    case "draft":
      return "Not open yet";
    case "lobby":
      return starts > now ? `Starts in ${span(starts - now)}` : "Ready to start";
    case "running":
      return ends > now ? `${span(ends - now)} left` : "Time is over";
    case "frozen":
      return "Everything stands still";
    case "ended":
      return "Ended";
  }
}

export function tallyWords({ all, here, hands, stuck, finished }: Tally): string {
  const parts = [`${here} of ${plural(all, "student")} here`];
  if (hands) parts.push(plural(hands, "hand") + " up");
  if (stuck) parts.push(`${stuck} stuck`);
  if (finished) parts.push(`${finished} finished`);
  return parts.join(", ");
}
