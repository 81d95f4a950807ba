import { describe, expect, it } from "vitest";
import type { ManifestResult } from "../../api/playground";
import { headline, lineClass } from "./results";

const result = (outcome: string, diff?: string): ManifestResult => ({
  document: 0,
  line: 1,
  kind: "Pod",
  name: "redis",
  outcome,
  ...(diff ? { diff } : {}),
});

describe("the headline of results", () => {
  it.each([
    ["apply", [result("created"), result("created"), result("failed")], "2 created, 1 failed"],
    ["dry-run", [result("configured")], "Would be: 1 configured"],
    ["diff", [result("configured", "+a"), result("unchanged")], "1 document would change"],
    ["diff", [result("unchanged")], "Nothing would change"],
    ["delete", [], "There was nothing to do"],
  ] as const)("of %s", (action, results, words) => {
    expect(headline({ action, results })).toBe(words);
  });
});

describe("a line of a difference", () => {
  it.each([
    ["+  image: b", "diff-line added"],
    ["-  image: a", "diff-line removed"],
    ["@@ -1,3 +1,3 @@", "diff-line place"],
    ["  kind: Pod", "diff-line"],
  ])("%s", (line, name) => {
    expect(lineClass(line)).toBe(name);
  });
});
