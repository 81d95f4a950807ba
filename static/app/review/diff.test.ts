import { describe, expect, it } from "vitest";
import { counts, pairedRows, unifiedRows } from "./diff";

const DIFF = `--- a
+++ b
@@ -1,3 +1,4 @@
 kind: Pod
-name: web
-tag: 1
+name: api
+tag: 2
+port: 80
@@ -20,1 +21,1 @@
-old
+new
`;

describe("a diff", () => {
  it("numbers the lines of both sides", () => {
    expect(unifiedRows(DIFF).map(({ left, right, text }) => [left, right, text])).toEqual([
      [1, 1, "kind: Pod"],
      [2, null, "name: web"],
      [3, null, "tag: 1"],
      [null, 2, "name: api"],
      [null, 3, "tag: 2"],
      [null, 4, "port: 80"],
      [null, null, ""],
      [20, null, "old"],
      [null, 21, "new"],
    ]);
  });

  it("puts what was removed beside what came in its place", () => {
    const rows = pairedRows(unifiedRows(DIFF));
    expect(rows.map(({ left, right }) => [left?.text ?? "", right?.text ?? ""])).toEqual([
      ["kind: Pod", "kind: Pod"],
      ["name: web", "name: api"],
      ["tag: 1", "tag: 2"],
      ["", "port: 80"],
      ["", ""],
      ["old", "new"],
    ]);
    expect(rows[4]?.place).toBe("from line 21");
  });

  it("counts what changed", () => {
    expect(counts(unifiedRows(DIFF))).toEqual({ added: 4, removed: 3 });
  });

  it("of nothing has no rows", () => {
    expect(unifiedRows("")).toEqual([]);
  });

  it("of a new file begins at its first line", () => {
    expect(unifiedRows("@@ -0,0 +1,1 @@\n+a\n")).toEqual([
      { left: null, right: 1, text: "a", change: "added", place: "" },
    ]);
  });
});
