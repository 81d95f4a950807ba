import { describe, expect, it } from "vitest";
import type { SeatFrame } from "./frames";
import { lobbyText } from "./lobby";

const SEAT: SeatFrame = {
  type: "seat",
  state: "lobby",
  room: {
    id: "r",
    title: "Rollouts",
    state: "lobby",
    code: "bcdfgh",
    lesson: "",
    starts_at: "",
    ends_at: "",
    frozen_at: "",
    allowed: [],
  },
};

describe("the lobby", () => {
  it("says what one waits for", () => {
    expect(lobbyText(SEAT)).toMatch(/being made ready/);
  });

  it("tells one's place on the waiting list", () => {
    expect(lobbyText({ ...SEAT, state: "waiting", place: 3 })).toMatch(/number 3 on the waiting/);
    expect(lobbyText({ ...SEAT, state: "waiting" })).toMatch(/You wait/);
  });

  it("tells that one was taken out, and that the class is over", () => {
    expect(lobbyText({ type: "seat", state: "removed" })).toMatch(/taken you out/);
    const over = { ...SEAT.room, state: "ended" } as SeatFrame["room"];
    expect(lobbyText({ ...SEAT, ...(over ? { room: over } : {}) })).toBe("This class is over.");
  });
});
