import { describe, expect, it } from "vitest";
import { backoffMs, Socket, type Connection, type Transport } from "./socket";

class FakeTransport implements Transport {
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  sent: unknown[] = [];
  isClosed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.isClosed = true;
  }
}

function harness() {
  const transports: FakeTransport[] = [];
  const timers: { run: () => void; delayMs: number }[] = [];
  const states: Connection[] = [];
  const frames: { type: string; seq?: number }[] = [];
  const socket = new Socket<{ type: string; seq?: number }, object>({
    url: "ws://host/ws/",
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    open: () => {
      const transport = new FakeTransport();
      transports.push(transport);
      return transport;
    },
    later: (run, delayMs) => {
      timers.push({ run, delayMs });
      return timers.length;
    },
    cancel: () => undefined,
    random: () => 1,
  });
  return { socket, transports, timers, states, frames };
}

describe("a socket that comes back", () => {
  it("tells of its states from connecting to live", () => {
    const { socket, transports, states } = harness();
    socket.start();
    transports[0]!.onopen!();
    expect(states).toEqual(["connecting", "live"]);
  });

  it("resumes from the last seq it saw", () => {
    const { socket, transports, timers } = harness();
    socket.start();
    transports[0]!.onopen!();
    transports[0]!.onmessage!({ data: '{"type":"scene","seq":7}' });
    transports[0]!.onclose!({ code: 1006 });
    timers[0]!.run();
    transports[1]!.onopen!();
    expect(transports[1]!.sent).toEqual([{ type: "resume", seq: 7 }]);
  });

  it("does not resume when it never saw a frame", () => {
    const { socket, transports } = harness();
    socket.start();
    transports[0]!.onopen!();
    expect(transports[0]!.sent).toEqual([]);
  });

  it("keeps what was sent while it was away", () => {
    const { socket, transports } = harness();
    socket.start();
    socket.send({ type: "ping" });
    transports[0]!.onopen!();
    expect(transports[0]!.sent).toEqual([{ type: "ping" }]);
  });

  it("waits longer after each failure, and starts over once it was live", () => {
    const { socket, transports, timers } = harness();
    socket.start();
    transports[0]!.onclose!({ code: 1006 });
    timers[0]!.run();
    transports[1]!.onclose!({ code: 1006 });
    timers[1]!.run();
    transports[2]!.onopen!();
    transports[2]!.onclose!({ code: 1006 });
    expect(timers.map((timer) => timer.delayMs)).toEqual([400, 800, 400]);
  });

  it("stays gone after a final close code", () => {
    const { socket, transports, timers, states } = harness();
    socket.start();
    transports[0]!.onclose!({ code: 4404 });
    expect(states.at(-1)).toBe("gone");
    expect(timers).toEqual([]);
  });

  it("sleeps with its session until somebody looks", () => {
    const { socket, transports, timers, states } = harness();
    socket.start();
    transports[0]!.onopen!();
    transports[0]!.onclose!({ code: 4409 });
    expect([states.at(-1), timers]).toEqual(["asleep", []]);
    socket.retryNow();
    transports[1]!.onopen!();
    expect(states.at(-1)).toBe("live");
  });

  it("passes over what is not a frame", () => {
    const { socket, transports, frames } = harness();
    socket.start();
    transports[0]!.onopen!();
    transports[0]!.onmessage!({ data: "not json" });
    transports[0]!.onmessage!({ data: "[1]" });
    expect(frames).toEqual([]);
  });
});

describe("backoff", () => {
  it("never exceeds ten seconds and never falls below half its step", () => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect(backoffMs(attempt, 1)).toBeLessThanOrEqual(10_000);
      expect(backoffMs(attempt, 0)).toBeGreaterThanOrEqual(200);
    }
  });
});
