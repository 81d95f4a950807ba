import { describe, expect, it } from "vitest";
import { gather } from "./gather";

function harness() {
  const sent: string[] = [];
  const timers: (() => void)[] = [];
  const put = gather({
    pauseMs: 16,
    send: (text) => sent.push(text),
    later: (run) => timers.push(run),
  });
  return { sent, put, pass: () => timers.shift()?.() };
}

describe("keys typed", () => {
  it("go at once when they come slowly", () => {
    const { sent, put, pass } = harness();
    put("a");
    pass();
    put("b");
    expect(sent).toEqual(["a", "b"]);
  });

  it("go together when they come fast, all of them, in order", () => {
    const { sent, put, pass } = harness();
    for (const key of "hello") put(key);
    expect(sent).toEqual(["h"]);
    pass();
    expect(sent).toEqual(["h", "ello"]);
    pass();
    put("!");
    expect(sent).toEqual(["h", "ello", "!"]);
  });
});
