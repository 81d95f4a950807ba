import { describe, expect, it } from "vitest";
import type { Finding, Remark, Severity } from "./api";
import { countBySeverity, marks, pieces } from "./margin";

const TEXT = "one\ntwo\nthree\nfour\n";

function finding(line: number, severity: Severity = "warning", rule = "r"): Finding {
  return { rule, severity, document: 0, line, column: 1, path: "", message: "", fix: "" };
}

function remark(line: number | null): Remark {
  return { number: 1, by: { id: "a", name: "Ada" }, at: "", version: 1, line, text: "why?" };
}

describe("the margin", () => {
  it("is one piece when nobody wrote anything", () => {
    const [piece, ...rest] = pieces(TEXT, [], []);
    expect(rest).toEqual([]);
    expect(piece).toMatchObject({ first: 1, lines: ["one", "two", "three", "four"], rows: 4 });
  });

  it("puts notes beside their lines, and below each other where they crowd", () => {
    const [piece] = pieces(TEXT, [finding(3), finding(2, "info"), finding(2, "error")], []);
    expect(piece?.notes.map((note) => [note.finding.line, note.row])).toEqual([
      [2, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(piece?.notes[0]?.finding.severity).toBe("error");
  });

  it("makes room for more notes than lines", () => {
    const [piece] = pieces("one", [finding(1), finding(1), finding(1)], []);
    expect(piece?.rows).toBe(3);
  });

  it("makes room for a note that is open", () => {
    const given = [finding(1), finding(2), finding(4)];
    const rowsOf = (one: Finding) => (one.line === 2 ? 3 : 1);
    const [piece] = pieces(TEXT, given, [], { rowsOf });
    expect(piece?.notes.map((note) => note.row)).toEqual([0, 1, 4]);
    expect(piece?.rows).toBe(5);
  });

  it("is cut below a line that somebody wrote about, and where one is writing", () => {
    const found = pieces(TEXT, [finding(4)], [remark(2), remark(null)], { writingAt: 3 });
    expect(found.map((piece) => [piece.first, piece.lines.length])).toEqual([
      [1, 2],
      [3, 1],
      [4, 1],
    ]);
    expect(found[0]?.remarks).toHaveLength(1);
    expect(found[1]?.isWriting).toBe(true);
    expect(found[2]?.notes[0]?.row).toBe(0);
  });

  it("is cut below each finding where there is no margin", () => {
    const found = pieces(TEXT, [finding(1), finding(3)], [], { isInline: true });
    expect(found.map((piece) => [piece.first, piece.lines.length, piece.notes.length])).toEqual([
      [1, 1, 1],
      [2, 2, 1],
      [4, 1, 0],
    ]);
  });

  it("keeps what stands beyond the text at its last line", () => {
    const [piece] = pieces(TEXT, [finding(99)], [remark(99)]);
    expect(piece?.notes).toHaveLength(1);
    expect(piece?.remarks).toHaveLength(1);
  });
});

describe("marks", () => {
  it("are the worst of each line", () => {
    const found = marks([finding(2, "info"), finding(2, "error"), finding(3, "warning")]);
    expect([...found]).toEqual([
      [2, "error"],
      [3, "warning"],
    ]);
  });

  it("are counted", () => {
    expect(countBySeverity([finding(1), finding(2, "error")])).toEqual({
      error: 1,
      warning: 1,
      info: 0,
    });
  });
});
