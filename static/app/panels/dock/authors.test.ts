import { describe, expect, it } from "vitest";
import type { TimelineEntry } from "../../protocol/frames";
import type { Author } from "../../protocol/people";
import { authors, CLUSTER, entriesOf, sourceWords } from "./authors";

function entry(revision: number, person?: Author): TimelineEntry {
  const rest = { time: 0, actor: "x", verb: "created", kind: "Pod", name: "a", text: "Pod a" };
  return { revision, ...rest, ...(person ? { person } : {}) };
}

const ADA: Author = { id: "a", name: "Ada", source: "editor" };
const RENAMED: Author = { id: "a", name: "Ada L.", source: "kubectl", agent: "kubectl v1.37.2" };
const BEN: Author = { id: "b", name: "Ben", source: "console" };
const ENTRIES = [entry(1, ADA), entry(2), entry(3, BEN), entry(4, RENAMED)];

describe("the people of a timeline", () => {
  it("are each there once, by their last name", () => {
    expect(authors(ENTRIES).map((one) => one.name)).toEqual(["Ada L.", "Ben"]);
  });

  it.each([
    ["everybody", "", [1, 2, 3, 4]],
    ["one person", "a", [1, 4]],
    ["the cluster itself", CLUSTER, [2]],
    ["nobody known", "z", []],
  ])("filter it to %s", (_, who, revisions) => {
    expect(entriesOf(ENTRIES, who).map((one) => one.revision)).toEqual(revisions);
  });

  it.each([
    [ADA, "in the page"],
    [RENAMED, "with kubectl v1.37.2"],
    [BEN, "on the console"],
    [{ ...ADA, source: "somewhere" }, "somewhere"],
  ])("did it with something: %o", (person, words) => {
    expect(sourceWords(person)).toBe(words);
  });
});
