import { expect, it } from "vitest";
import type { KeyboardFrame, Person } from "../../protocol/people";
import { isReport, keyboardWords } from "./keyboard-strip";

const [ADA, BEN, CID]: Person[] = ["ada", "ben", "cid"].map((id) => ({ id, name: id })) as [
  Person,
  Person,
  Person,
];

function keyboard(holder: Person | null, ...asking: Person[]): KeyboardFrame {
  return { type: "keyboard", holder, asking, free_in_ms: 0, people: [ADA!, BEN!, CID!] };
}

it.each<[string, KeyboardFrame, string]>([
  ["is nobody's", keyboard(null), "Nobody types here. Who types first has the keyboard."],
  ["is mine", keyboard(ADA!), "You have the keyboard. The others look on."],
  ["is mine and wanted", keyboard(ADA!, BEN!, CID!), "ben and 1 more would like to type."],
  ["is another's", keyboard(BEN!), "ben has the keyboard."],
  ["was asked for", keyboard(BEN!, ADA!), "ben has the keyboard. It is yours when they pause."],
])("says when the keyboard %s", (_, frame, words) => {
  expect(keyboardWords(frame, ADA!)).toBe(words);
});

it.each<[string, string, string]>([
  ["who types", "ada", "2 people look on."],
  ["a viewer", "ben", "ada has the keyboard. You look on."],
])("tells %s about a terminal in which only one may type", (_, me, words) => {
  const people = [ADA!, { ...BEN!, role: "viewer" }, { ...CID!, role: "viewer" }];
  expect(keyboardWords({ ...keyboard(ADA!), people }, { id: me, name: me })).toBe(words);
});

it.each<[string, boolean]>([
  ["\x1b[3;7R", true],
  ["\x1b[?1;2c", true],
  ["\x1b[A", false],
  ["ls\r", false],
])("knows what nobody typed: %j", (data, isOne) => {
  expect(isReport(data)).toBe(isOne);
});
