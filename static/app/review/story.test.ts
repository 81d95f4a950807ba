import { describe, expect, it } from "vitest";
import type { Submission } from "./api";
import { ageWords, stateWords, story } from "./story";

const ADA = { id: "a", name: "Ada" };
const BOB = { id: "b", name: "Bob" };

const SUBMISSION = {
  state: "open",
  version: 2,
  submitter: BOB,
  versions: [
    { version: 1, at: "2026-01-01T10:00:00Z", source: "kubectl", command: "", message: "" },
    { version: 2, at: "2026-01-01T12:00:00Z", source: "editor", command: "", message: "fixed" },
  ],
  conversation: [
    { number: 1, by: ADA, at: "2026-01-01T10:30:00Z", version: 1, line: 4, text: "why?" },
    { number: 2, by: ADA, at: "2026-01-01T12:30:00Z", version: 2, line: null, text: "good" },
  ],
  decisions: [
    { by: ADA, at: "2026-01-01T11:00:00Z", act: "request-changes", version: 1, message: "limits" },
  ],
} as unknown as Submission;

describe("the story", () => {
  it("tells what happened in order", () => {
    expect(story(SUBMISSION).map((one) => `${one.by.name} ${one.words}`)).toEqual([
      "Bob submitted it",
      "Ada commented on line 4 of version 1",
      "Ada asked for changes",
      "Bob submitted version 2",
      "Ada commented",
    ]);
  });
});

describe("words", () => {
  it.each([
    ["2026-01-01T00:00:00Z", "just now"],
    ["2025-12-31T23:45:00Z", "15 min"],
    ["2025-12-31T20:00:00Z", "4 h"],
    ["2025-12-28T00:00:00Z", "4 d"],
  ])("of the age of %s", (at, words) => {
    expect(ageWords(at, Date.parse("2026-01-01T00:00:30Z"))).toBe(words);
  });

  it("name every state", () => {
    expect(stateWords("failed")).toBe("approved, but refused by the cluster");
  });
});
