import { describe, expect, it } from "vitest";
import type { Submission, Summary } from "./api";
import { LIST } from "./route";
import { actable, initial, isUnread, neighbour, reduce, type State } from "./state";

function summary(id: string, values: Partial<Summary> = {}): Summary {
  return { id, updated_at: "1", version: 1, may: ["approve", "reject"], ...values } as Summary;
}

const START = initial({ me: { id: "a", name: "Ada" }, isReviewer: true, seen: {} });

function withList(...submissions: Summary[]): State {
  return reduce(START, { type: "listed", page: { submissions, next: null, counts: {} } });
}

describe("the list", () => {
  it("puts the cursor on the first, and keeps it where it stands", () => {
    const state = withList(summary("1"), summary("2"));
    expect(state.cursor).toBe("1");
    const moved = reduce(state, { type: "cursor", id: neighbour(state, 1) });
    expect(moved.cursor).toBe("2");
    expect(neighbour(moved, 1)).toBe("2");
    const page = { submissions: [summary("0"), summary("2")], next: null, counts: {} };
    expect(reduce(moved, { type: "listed", page }).cursor).toBe("2");
  });

  it("forgets marks of what is no longer there", () => {
    const state = reduce(withList(summary("1"), summary("2")), {
      type: "mark",
      ids: ["1", "2"],
      isOn: true,
    });
    const page = { submissions: [summary("2")], next: null, counts: {} };
    expect([...reduce(state, { type: "listed", page }).marked]).toEqual(["2"]);
  });

  it("acts on the marked, else on the one at the cursor, where it may", () => {
    const state = withList(summary("1"), summary("2"), summary("3", { may: ["comment"] }));
    expect(actable(state, "approve")).toEqual(["1"]);
    const marked = reduce(state, { type: "mark", ids: ["2", "3"], isOn: true });
    expect(actable(marked, "approve")).toEqual(["2"]);
  });

  it("shows what has changed since it was read", () => {
    const state = withList(summary("1"));
    expect(isUnread(state, summary("1"))).toBe(true);
    expect(isUnread({ ...state, seen: { "1": "1" } }, summary("1"))).toBe(false);
  });
});

describe("one submission", () => {
  const route = { page: "one", id: "1", tab: "text", version: 0 } as const;
  const submission = { ...summary("1"), latest: { version: 1, text: "a" } } as Submission;

  it("is read when it is opened", () => {
    const state = reduce(reduce(withList(summary("1")), { type: "go", route }), {
      type: "got",
      submission,
    });
    expect(state.version?.text).toBe("a");
    expect(isUnread(state, summary("1"))).toBe(false);
  });

  it("keeps its forecast until a newer version comes", () => {
    let state = reduce(reduce(START, { type: "go", route }), { type: "got", submission });
    state = reduce(state, { type: "effect", effect: { version: 1 } as State["effect"] });
    expect(reduce(state, { type: "got", submission }).effect).not.toBeNull();
    const newer = { ...submission, version: 2, latest: { version: 2, text: "b" } } as Submission;
    const next = reduce(state, { type: "got", submission: newer });
    expect([next.effect, next.version?.text]).toEqual([null, "b"]);
  });

  it("is put away when the list is shown again", () => {
    const state = reduce(reduce(START, { type: "go", route }), { type: "got", submission });
    expect(reduce(state, { type: "go", route: LIST }).one).toBeNull();
  });
});
