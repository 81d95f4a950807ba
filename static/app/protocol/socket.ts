/**
 * A WebSocket that comes back: exponential backoff with jitter, resume from the last `seq`.
 * The transport and the timers are handed in, so that tests need neither network nor waiting.
 */
import { parseFrame } from "./frames";

export type Connection = "connecting" | "live" | "reconnecting" | "asleep" | "gone";

export interface Transport {
  onopen: ((event: never) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface SocketOptions<F> {
  url: string;
  onFrame: (frame: F) => void;
  onState: (state: Connection) => void;
  open?: (url: string) => Transport;
  later?: (run: () => void, delayMs: number) => unknown;
  cancel?: (timer: never) => void;
  random?: () => number;
}

const DELAY_MS_FIRST = 400;
const DELAY_MS_MAX = 10_000;
const QUEUE_MAX = 500;

/** Close codes after which coming back is pointless: not allowed, not found, ended. */
/** The session hibernates: come back when somebody looks. */
const ASLEEP_CODE = 4409;
const FINAL_CODES = new Set([4403, 4404, 4410]);

/** How long to wait before the nth attempt (0 is the first) to come back. */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(DELAY_MS_FIRST * 2 ** attempt, DELAY_MS_MAX);
  return Math.round(whole * (0.5 + random / 2));
}

export class Socket<F extends { type: string; seq?: number }, C extends object> {
  private transport: Transport | null = null;
  private attempt = 0;
  private timer: unknown = null;
  private seq = -1;
  private isClosed = false;
  private isOpen = false;
  private isAsleep = false;
  private queue: string[] = [];

  constructor(private readonly options: SocketOptions<F>) {}

  /** Opens the connection; call once. */
  start(): void {
    this.options.onState("connecting");
    this.connect();
  }

  /** Sends a frame, or keeps it until the connection is back. */
  send(frame: C): void {
    const text = JSON.stringify(frame);
    if (this.isOpen && this.transport) this.transport.send(text);
    else if (this.queue.length < QUEUE_MAX) this.queue.push(text);
  }

  /** Closes for good. */
  close(): void {
    this.isClosed = true;
    this.isOpen = false;
    if (this.timer !== null) (this.options.cancel ?? clearTimeout)(this.timer as never);
    this.transport?.close();
  }

  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void {
    if (this.isClosed || this.isOpen || (this.timer === null && !this.isAsleep)) return;
    if (this.timer !== null) (this.options.cancel ?? clearTimeout)(this.timer as never);
    this.connect();
  }

  private connect(): void {
    this.timer = null;
    this.isAsleep = false;
    const open = this.options.open ?? ((url) => new WebSocket(url) as unknown as Transport);
    const transport = open(this.options.url);
    this.transport = transport;
    transport.onopen = () => this.opened(transport);
    transport.onmessage = (event) => this.received(event.data);
    transport.onclose = (event) => {
      if (this.transport === transport) this.lost(event.code);
    };
  }

  private opened(transport: Transport): void {
    this.attempt = 0;
    this.isOpen = true;
    if (this.seq >= 0) transport.send(JSON.stringify({ type: "resume", seq: this.seq }));
    for (const text of this.queue.splice(0)) transport.send(text);
    this.options.onState("live");
  }

  private received(text: string): void {
    const frame = parseFrame<F>(text);
    if (!frame) return;
    if (typeof frame.seq === "number") this.seq = frame.seq;
    this.options.onFrame(frame);
  }

  private lost(code: number): void {
    this.isOpen = false;
    if (this.isClosed) return;
    if (FINAL_CODES.has(code)) {
      this.isClosed = true;
      this.options.onState("gone");
      return;
    }
    if (code === ASLEEP_CODE) {
      this.isAsleep = true;
      this.options.onState("asleep");
      return;
    }
    this.options.onState("reconnecting");
    const delay = backoffMs(this.attempt, (this.options.random ?? Math.random)());
    this.attempt += 1;
    this.timer = (this.options.later ?? setTimeout)(() => this.connect(), delay);
  }
}
