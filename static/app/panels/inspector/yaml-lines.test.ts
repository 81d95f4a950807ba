import { describe, expect, it } from "vitest";
import { yamlParts } from "./yaml-lines";

const kinds = (line: string) => yamlParts(line).map((part) => `${part.kind}|${part.text}`);

describe("a line of YAML in colours", () => {
  it.each([
    ["kind: Pod", ["key|kind", "|: ", "string|Pod"]],
    ["  replicas: 3", ["|  ", "key|replicas", "|: ", "number|3"]],
    ["  - name: web", ["|  - ", "key|name", "|: ", "string|web"]],
    ["  - /bin/sh", ["|  - ", "string|/bin/sh"]],
    ["spec:", ["key|spec", "|:"]],
    ["# note", ["comment|# note"]],
    ["  emptyDir: {}", ["|  ", "key|emptyDir", "|: ", "number|{}"]],
    ["  url: http://x:80/a", ["|  ", "key|url", "|: ", "string|http://x:80/a"]],
    ["  text: |", ["|  ", "key|text", "|: ", "|||"].map((part) => part.replace("|||", "||"))],
    ["", ["|"]],
  ])("%j", (line, expected) => {
    expect(kinds(line)).toEqual(expected);
  });

  it("loses nothing", () => {
    const text = "metadata:\n  labels: {a: b}\n  - - x: 'y: z' # c\n";
    for (const line of text.split("\n")) {
      expect(
        yamlParts(line)
          .map((part) => part.text)
          .join(""),
      ).toBe(line);
    }
  });
});
