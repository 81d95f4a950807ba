import { describe, expect, it } from "vitest";
import { student } from "./builders";
import type { Room, WallFrame } from "./frames";
import { EMPTY_WALL, reduce, tally } from "./model";

const ROOM: Room = {
  id: "r",
  title: "Pods",
  state: "running",
  code: "ABC",
  join_url: "http://x/c/ABC/",
  starts_at: "",
  ends_at: "",
  seats: 2,
  lesson: "",
  is_reviewed: false,
  actions: [],
  faults: [],
};

describe("the wall after a frame", () => {
  const hello = reduce(EMPTY_WALL, {
    type: "hello",
    room: ROOM,
    students: [student("ann"), student("ben")],
  });

  it("holds what hello says", () => {
    expect([...hello.students.keys()]).toEqual(["ann", "ben"]);
    expect(hello.room).toBe(ROOM);
  });

  it("replaces whole students, adds and removes", () => {
    const next = reduce(hello, {
      type: "wall",
      set: [student("ben", { here: 0 }), student("cid")],
      remove: ["ann"],
    });
    expect([...next.students.keys()]).toEqual(["ben", "cid"]);
    expect(next.students.get("ben")?.here).toBe(0);
    expect(hello.students.get("ben")?.here).toBe(1);
  });

  it("is the same after the same frame again", () => {
    const frame: WallFrame = {
      type: "wall",
      set: [student("ann", { hand: "t" })],
      remove: ["ben"],
    };
    const once = reduce(hello, frame);
    expect(reduce(once, frame)).toEqual(once);
  });

  it("stays the same object when a frame changes nothing", () => {
    expect(reduce(hello, { type: "wall" })).toBe(hello);
    expect(reduce(hello, { type: "pong" })).toBe(hello);
  });

  it("takes a hello after an absence as the whole truth", () => {
    const next = reduce(hello, { type: "hello", room: ROOM, students: [student("cid")] });
    expect([...next.students.keys()]).toEqual(["cid"]);
  });
});

describe("the tally", () => {
  it("counts a raised hand once, not as stuck too", () => {
    const stuck = { attention: { score: 80, reason: "stuck" } };
    const done = { done: 3, total: 3, step: "", since: "" };
    expect(
      tally([
        student("a", { ...stuck, hand: "t" }),
        student("b", stuck),
        student("c", { here: 0, progress: done }),
      ]),
    ).toEqual({ all: 3, here: 2, hands: 1, stuck: 1, finished: 1 });
  });

  it("counts who did all steps as finished, not who was there at the end", () => {
    const begun = { done: 1, total: 3, step: "", since: "" };
    const over = student("a", { progress: begun, state: "finished" });
    expect(tally([over]).finished).toBe(0);
  });
});
