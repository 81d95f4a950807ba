/** Students for tests. */
import type { WallStudent } from "./frames";

export function student(id: string, over: Partial<WallStudent> = {}): WallStudent {
  return {
    id,
    name: id,
    state: "working",
    session: `s-${id}`,
    nodes: [],
    unplaced: "",
    command: null,
    progress: null,
    hand: null,
    here: 1,
    attention: { score: 0, reason: "" },
    teacher: "",
    fault: "",
    ...over,
  };
}

export function byId(...students: WallStudent[]): Map<string, WallStudent> {
  return new Map(students.map((one) => [one.id, one]));
}
