import { describe, expect, it } from "vitest";
import type { Frame } from "../protocol/frames";
import type { Person } from "../protocol/people";
import { doingWords, followersOf, leaderOf } from "./people";
import { reduce, type Action } from "./reducer";
import { initialState, type State } from "./state";

const ADA: Person = { id: "ada", name: "Ada", role: "owner" };
const BEN: Person = { id: "ben", name: "Ben", role: "viewer", following: "ada" };

function start(values: Partial<State> = {}): State {
  const session = { id: "s", name: "lab", server: "/k8s/s/x", role: "editor" as const };
  return { ...initialState(session), people: [ADA, BEN], ...values };
}

function given(state: State, frame: Frame): State {
  return reduce(state, { type: "frame", frame, at: 0 });
}

describe("who is here", () => {
  it("is what presence says", () => {
    expect(given(start(), { type: "presence", people: [BEN] }).people).toEqual([BEN]);
  });

  it("moves with places, whole, and leaves the others where they were", () => {
    const at = start({ people: [{ ...ADA, focus: "pod/default/a", place: { dock: "events" } }, BEN] });
    const next = given(at, { type: "places", places: { ada: { place: { line: 3 } } } });
    expect(next.people).toEqual([{ ...ADA, place: { line: 3 } }, BEN]);
    expect(next.people[1]).toBe(BEN);
  });

  it("knows leader and followers", () => {
    expect(leaderOf([ADA, BEN], "ada")).toBe(ADA);
    expect(leaderOf([BEN], "ada")).toBeNull();
    expect(followersOf([ADA, BEN], "ada")).toEqual([BEN]);
    expect(followersOf([ADA, BEN], undefined)).toEqual([]);
  });

  it.each<[string, Partial<Person>, string]>([
    ["typing", { place: { typing: true, file: "a.yaml", line: 4 } }, "edits a.yaml, line 4"],
    ["looking", { focus: "pod/default/redis" }, "looks at redis"],
    ["in a file", { place: { file: "a.yaml", line: 4 } }, "is in a.yaml, line 4"],
    ["away", { place: { hidden: true }, focus: "pod/a/b" }, "has another window in front"],
    ["nothing", {}, ""],
  ])("says of one who is %s what they do", (_, values, words) => {
    expect(doingWords({ ...ADA, ...values })).toBe(words);
  });
});

const FIXTURES = import.meta.glob<{ frames: Frame[]; anew: Frame[] }>(
  "../../../tests/fixtures/presence/*.json",
  { eager: true, import: "default" },
);

describe("frames of the server, applied one by one, equal what it tells anew", () => {
  it.each(Object.entries(FIXTURES))("%s", (_path, { frames, anew }) => {
    const before = start({ people: [], following: "ada" });
    const [applied, fresh] = [frames, anew].map((some) => some.reduce(given, before));
    expect(applied?.people).toEqual(fresh?.people);
    expect(applied?.mirror).toEqual(fresh?.mirror);
  });

  it("has fixtures to check", () => {
    expect(Object.keys(FIXTURES)).toHaveLength(3);
  });
});

describe("following", () => {
  const following = () => start({ following: "ada", terminals: [{ number: 2, title: "x", kind: "exec" }] });

  it("shows what the leader looks at", () => {
    const place = { dock: "events", tab: "why", picture: "list", filter: { text: "web" } };
    const whereabouts = { focus: "pod/default/redis", place };
    const next = reduce(following(), { type: "followed", whereabouts });
    expect(next.selection).toEqual({ kind: "pod", key: "default/redis" });
    expect([next.dockTab, next.inspectorTab, next.picture]).toEqual(["events", "why", "list"]);
    expect(next.filter).toEqual({ namespace: "", text: "web", state: "" });
    expect(next.following).toBe("ada");
  });

  it("changes nothing when nothing is different, so that nothing is drawn again", () => {
    const whereabouts = { focus: "pod/default/redis", place: { dock: "events" } };
    const once = reduce(following(), { type: "followed", whereabouts });
    expect(reduce(once, { type: "followed", whereabouts })).toBe(once);
  });

  it("goes to a terminal only when it is there", () => {
    const go = (dock: string) =>
      reduce(following(), { type: "followed", whereabouts: { place: { dock } } }).dockTab;
    expect([go("terminal-2"), go("terminal-9")]).toEqual(["terminal-2", "console"]);
  });

  it.each<Action>([
    { type: "select", selection: null },
    { type: "dock", tab: "events" },
    { type: "filter", filter: { text: "x" } },
    { type: "picture", picture: "list" },
    { type: "editor", isOpen: false },
  ])("ends when one does something oneself: $type", (action) => {
    const at = { ...following(), mirror: { person: "ada", text: "x" } };
    const next = reduce(at, action);
    expect([next.following, next.mirror]).toEqual([null, null]);
  });

  it.each<Action>([
    { type: "toast-gone", id: 1 },
    { type: "theme", theme: "dark" },
    { type: "dialog", dialog: "people" },
    { type: "frame", at: 0, frame: { type: "pong" } },
  ])("goes on with what does not change what is shown: $type", (action) => {
    expect(reduce(following(), action).following).toBe("ada");
  });

  it("keeps the mirror's text while only the cursor moves", () => {
    const first = given(following(), { type: "mirror", person: "ada", file: "a", text: "x", head: 0 });
    const next = given(first, { type: "mirror", person: "ada", head: 1 });
    expect(next.mirror).toEqual({ person: "ada", file: "a", text: "x", head: 1 });
  });

  it("takes no mirror of somebody else", () => {
    expect(given(following(), { type: "mirror", person: "ben", text: "x" }).mirror).toBeNull();
  });
});
