import { describe, expect, it } from "vitest";
import type { Session } from "../protocol/frames";
import { endingOf, whenText } from "./ending";

const NOW = Date.UTC(2026, 0, 1, 12);
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
const session = (values: Partial<Session>): Session => ({
  id: "a",
  name: "lab",
  role: "owner",
  server: "",
  extendable_minutes: 30,
  expires_at: at(9),
  ...values,
});

describe("the end of a session", () => {
  it("is not spoken of while it is far", () => {
    expect(endingOf(session({ state: "running" }), NOW)).toBeNull();
    expect(endingOf(session({ state: "idle" }), NOW)).toBeNull();
  });

  it("is announced with the time that is left", () => {
    const ending = endingOf(session({ state: "warned" }), NOW);
    expect(ending?.title).toBe("This session ends in 9 min.");
    expect([ending?.mayExtend, ending?.mayTake]).toEqual([true, true]);
  });

  it("gives a grace", () => {
    const ending = endingOf(session({ state: "overtime", overtime_until: at(5) }), NOW);
    expect(ending?.text).toContain("stays open for 5 min");
  });

  it("says why, and what can still be done", () => {
    const ended = {
      because: "classroom",
      reason: "The class is over",
      ended_at: at(0),
      kept_until: at(60),
    };
    const ending = endingOf(session({ state: "expired", ended, extendable_minutes: 0 }), NOW);
    expect(ending?.title).toBe("The class is over.");
    expect(ending?.text).toContain("for 1 h");
    expect(ending?.mayExtend).toBe(false);
    const looking = endingOf(session({ state: "expired", ended, role: "viewer" }), NOW);
    expect([looking?.mayTake, looking?.text.includes("fork")]).toEqual([false, false]);
  });

  it("ends with nothing left to take", () => {
    const ended = { because: "owner", reason: "Its owner ended it", ended_at: null, kept_until: null };
    const ending = endingOf(session({ state: "ended", ended }), NOW);
    expect([ending?.title, ending?.text]).toEqual(["Its owner ended it.", "Its cluster is gone."]);
    expect([ending?.mayExtend, ending?.mayTake]).toEqual([false, false]);
    expect(whenText({ ...ended, ended_at: at(0) })).toMatch(/^It ended on January 1 at \d\d:\d\d/);
  });
});
