import { describe, expect, it } from "vitest";
import type { TimelineEntry } from "../protocol/frames";
import { reduce } from "./reducer";
import { canWrite, initialState, type State } from "./state";

const START = initialState({ id: "a", name: "quiet-harbor", server: "/k8s/a/s/", role: "owner" });

const entry = (revision: number): TimelineEntry => ({
  revision,
  time: 0,
  actor: "you",
  verb: "created",
  kind: "Pod",
  name: "redis",
  text: "Pod redis created",
});

const frames = (...all: Parameters<typeof reduce>[1][]): State => all.reduce(reduce, START);

describe("frames", () => {
  it("hello fills in the session and who I am", () => {
    const state = frames({
      type: "frame",
      at: 0,
      frame: {
        type: "hello",
        protocol: 1,
        session: { id: "a", name: "b", role: "viewer", server: "/k8s/" },
        you: { id: "p", name: "Ada" },
      },
    });
    expect(state.session.name).toBe("b");
    expect(state.you?.name).toBe("Ada");
    expect(canWrite(state)).toBe(false);
  });

  it("a session frame changes only what it names", () => {
    const state = frames({
      type: "frame",
      at: 0,
      frame: { type: "session", state: "expired", expires_at: 5 },
    });
    expect(state.session).toMatchObject({
      name: "quiet-harbor",
      state: "expired",
      expires_at: 5,
    });
    expect(canWrite(state)).toBe(false);
  });

  it("the timeline takes each revision once", () => {
    const state = frames(
      { type: "frame", at: 0, frame: { type: "timeline", entries: [entry(1), entry(2)] } },
      { type: "frame", at: 0, frame: { type: "timeline", entries: [entry(2), entry(3)] } },
    );
    expect(state.timeline.map((one) => one.revision)).toEqual([1, 2, 3]);
  });

  it("the timeline and the decisions have a limit", () => {
    const entries = Array.from({ length: 1500 }, (_, index) => entry(index));
    const decisions = Array.from({ length: 70 }, () => ({ pod: "default/x", node: null }));
    const state = frames(
      { type: "frame", at: 0, frame: { type: "timeline", entries } },
      { type: "frame", at: 0, frame: { type: "delta", decisions } },
    );
    expect(state.timeline.length).toBe(1000);
    expect(state.decisions.length).toBe(50);
    expect(state.decisions.at(-1)?.number).toBe(70);
  });

  it("the clock remembers when it was read", () => {
    const state = frames({
      type: "frame",
      at: 42,
      frame: { type: "clock", now: 1000, speed: 10, paused: false },
    });
    expect(state.clock).toEqual({ now: 1000, speed: 10, paused: false, readAt: 42 });
  });
});

describe("choosing", () => {
  it("another pod keeps the tab, another kind goes to its summary", () => {
    const state = frames({
      type: "select",
      selection: { kind: "pod", key: "default/a" },
      tab: "logs",
    });
    const pod = reduce(state, { type: "select", selection: { kind: "pod", key: "default/b" } });
    expect(pod.inspectorTab).toBe("logs");
    const node = reduce(state, { type: "select", selection: { kind: "node", key: "node-1" } });
    expect(node.inspectorTab).toBe("summary");
  });

  it("a filter changes only the named part", () => {
    const state = frames(
      { type: "filter", filter: { text: "web" } },
      { type: "filter", filter: { namespace: "shop" } },
    );
    expect(state.filter).toEqual({ namespace: "shop", text: "web", state: "" });
  });

  it("opening a dock tab opens the dock", () => {
    const state = frames({ type: "dock", isOpen: false }, { type: "dock", tab: "events" });
    expect([state.dockTab, state.isDockOpen]).toEqual(["events", true]);
  });

  it("knows why a session is over to which the page comes back", () => {
    const end = {
      because: "owner",
      reason: "Its owner ended it",
      ended_at: "2026-01-01T12:00:00Z",
      kept_until: null,
    };
    const frame = { type: "error", message: "This session ended", ...end } as const;
    const state = frames({ type: "frame", at: 0, frame });
    expect([state.session.state, state.session.ended]).toEqual(["ended", end]);
    expect(state.toasts).toEqual([]);
  });
});
