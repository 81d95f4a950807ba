import { describe, expect, it } from "vitest";
import { byId, student } from "./builders";
import { isFound, orderOf } from "./order";

function scored(id: string, score: number, hand: string | null = null) {
  return student(id, { attention: { score, reason: "" }, hand });
}

describe("the order of the wall", () => {
  it("puts raised hands first, the earliest before the others", () => {
    const students = byId(scored("a", 90), scored("b", 0, "10:02"), scored("c", 0, "10:01"));
    expect(orderOf(students, "help", [])).toEqual(["c", "b", "a"]);
  });

  it("puts who needs most help before the others", () => {
    expect(orderOf(byId(scored("a", 5), scored("b", 60)), "help", [])).toEqual(["b", "a"]);
  });

  it("moves nobody for a small difference", () => {
    const students = byId(scored("a", 41), scored("b", 48));
    expect(orderOf(students, "help", ["a", "b"])).toEqual(["a", "b"]);
    expect(orderOf(students, "help", ["b", "a"])).toEqual(["b", "a"]);
  });

  it("sorts names as people do", () => {
    const students = byId(student("n10"), student("n9"), student("Anna"));
    expect(orderOf(students, "name", ["n10"])).toEqual(["Anna", "n9", "n10"]);
  });

  it("sorts by what is done, least first", () => {
    const progress = (done: number) => ({ done, total: 4, step: "", since: "" });
    const students = byId(
      student("a", { progress: progress(3) }),
      student("b", { progress: progress(1) }),
    );
    expect(orderOf(students, "progress", [])).toEqual(["b", "a"]);
  });
});

it("finds a student by a part of the name in any case", () => {
  expect(isFound(student("x", { name: "Ada Lovelace" }), " love ")).toBe(true);
  expect(isFound(student("x", { name: "Ada" }), "bob")).toBe(false);
});
