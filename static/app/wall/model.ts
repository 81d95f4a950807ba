/** What the wall knows: the room and its students, changed by frames only. Pure. */
import type { FromServer, Room, WallStudent } from "./frames";

export interface Wall {
  room: Room | null;
  students: ReadonlyMap<string, WallStudent>;
}

export const EMPTY_WALL: Wall = { room: null, students: new Map() };

/** The wall after a frame; the same object when the frame changes nothing. */
export function reduce(wall: Wall, frame: FromServer): Wall {
  switch (frame.type) {
    case "hello":
      return { room: frame.room, students: byId(frame.students) };
    case "room":
      return { ...wall, room: frame.room };
    case "wall": {
      if (!frame.set?.length && !frame.remove?.length) return wall;
      const students = new Map(wall.students);
      for (const student of frame.set ?? []) students.set(student.id, student);
      for (const id of frame.remove ?? []) students.delete(id);
      return { ...wall, students };
    }
    default:
      return wall;
  }
}

function byId(students: readonly WallStudent[]): Map<string, WallStudent> {
  return new Map(students.map((student) => [student.id, student]));
}

export interface Tally {
  all: number;
  here: number;
  hands: number;
  stuck: number;
  finished: number;
}

/** Students who call for help at that score or above are counted as stuck. */
export const STUCK_SCORE = 50;

export function tally(students: Iterable<WallStudent>): Tally {
  const count: Tally = { all: 0, here: 0, hands: 0, stuck: 0, finished: 0 };
  for (const student of students) {
    count.all += 1;
    if (student.here > 0) count.here += 1;
    if (student.hand) count.hands += 1;
    else if (student.attention.score >= STUCK_SCORE) count.stuck += 1;
    if (isFinished(student)) count.finished += 1;
  }
  return count;
}

/** All steps done; without a lesson, over. The end of a class finishes nobody's lesson. */
export function isFinished({ state, progress }: WallStudent): boolean {
  return progress ? progress.done >= progress.total : state === "finished";
}
