/**
 * In which order the wall shows its students. Who needs help stands first, but nobody changes
 * places for a small difference: cards that jump cannot be read. Pure.
 */
import type { WallStudent } from "./frames";

export type Sorting = "help" | "name" | "progress";

/** Scores within the same step count as equal. */
const SCORE_STEP = 10;

/** The ids in order. `before` is the order shown now; equals keep it. */
export function orderOf(
  students: ReadonlyMap<string, WallStudent>,
  sorting: Sorting,
  before: readonly string[],
): string[] {
  const place = new Map(before.map((id, index) => [id, index]));
  const placeOf = ({ id }: WallStudent) => place.get(id) ?? before.length;
  const compare: Record<Sorting, (a: WallStudent, b: WallStudent) => number> = {
    help: (a, b) => hands(a, b) || step(b) - step(a) || placeOf(a) - placeOf(b) || byName(a, b),
    name: byName,
    progress: (a, b) => share(a) - share(b) || byName(a, b),
  };
  return [...students.values()].sort(compare[sorting]).map(({ id }) => id);
}

/** Whoever raised a hand first is first; hands before everybody else. */
function hands(a: WallStudent, b: WallStudent): number {
  if (a.hand && b.hand) return a.hand < b.hand ? -1 : a.hand > b.hand ? 1 : 0;
  return Number(b.hand !== null) - Number(a.hand !== null);
}

function step({ attention }: WallStudent): number {
  return Math.floor(attention.score / SCORE_STEP);
}

function share({ progress }: WallStudent): number {
  return progress && progress.total ? progress.done / progress.total : 0;
}

function byName(a: WallStudent, b: WallStudent): number {
  return a.name.localeCompare(b.name, "en", { numeric: true }) || (a.id < b.id ? -1 : 1);
}

export function isFound(student: WallStudent, query: string): boolean {
  const words = query.trim().toLowerCase();
  return !words || student.name.toLowerCase().includes(words);
}
