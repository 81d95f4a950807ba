/** The session the page shows: its two APIs and its socket, made once by the workspace's entry. */
import { ClusterApi } from "../api/cluster";
import { RequestError, SessionApi } from "../api/playground";
import { SharingApi } from "../api/sharing";
import type { ClientFrame, Frame, Role } from "../protocol/frames";
import { Socket } from "../protocol/socket";
import { begin, dispatch, peek, say } from "../state/store";
import type { AccountLinks } from "./account";
import type { ClassroomData } from "./classroom";
import { initialState, type State } from "../state/state";

export interface SessionData {
  id: string;
  name: string;
  server: string;
  role: Role;
  ws: string;
  account?: AccountLinks;
  classroom?: ClassroomData;
  denied?: string[];
}

let data: SessionData;
let playgroundApi: SessionApi;
let sharingApi: SharingApi;
let clusterApi: ClusterApi;
let live: Socket<Frame, ClientFrame>;

const PING_MS = 25_000;
const ACTIVE_MS = 60_000;

/** Starts everything: the state, the APIs, the socket. */
export function connect(given: SessionData, start: Partial<State>): void {
  data = given;
  playgroundApi = new SessionApi(given.id);
  sharingApi = new SharingApi(given.id);
  clusterApi = new ClusterApi(given.server);
  begin({ ...initialState(given), ...start });
  live = new Socket<Frame, ClientFrame>({
    url: socketUrl(given.ws),
    onFrame: received,
    onState: (connection) => dispatch({ type: "connection", connection }),
  });
  live.start();
  setInterval(() => send({ type: "ping" }), PING_MS);
  sayActive();
  setInterval(sayActive, ACTIVE_MS);
  document.addEventListener("visibilitychange", sayActive);
  addEventListener("online", () => live.retryNow());
}

function received(frame: Frame): void {
  if (frame.type === "hello") clusterApi.moveTo(frame.session.server);
  dispatch({ type: "frame", frame, at: performance.now() });
  for (const listener of listeners) listener(frame);
}

const listeners = new Set<(frame: Frame) => void>();

/** Calls `listener` with each frame, after the state knows it. */
export function onFrame(listener: (frame: Frame) => void): void {
  listeners.add(listener);
}

export function sharing(): SharingApi {
  return sharingApi;
}

export function playground(): SessionApi {
  return playgroundApi;
}

export function cluster(): ClusterApi {
  return clusterApi;
}

export function send(frame: ClientFrame): void {
  live.send(frame);
}

/** A visible page keeps its session from falling asleep, and wakes one that has. */
function sayActive(): void {
  if (document.visibilityState !== "visible") return;
  live.retryNow();
  send({ type: "active" });
}

/** The address of a terminal's socket. */
export function terminalUrl(number: number): string {
  return socketUrl(`${data.ws.replace(/\/$/, "")}/terminals/${number}/`);
}

export function sessionId(): string {
  return data.id;
}

/** The full address of the cluster's API, for a client outside the page. */
export function serverAddress(): string {
  return new URL(peek().session.server, location.href).href;
}

function socketUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" || url.protocol === "wss:" ? "wss:" : "ws:";
  return url.href;
}

/** Runs something that asks a server; what goes wrong is said in the server's own words. */
export async function attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (problem) {
    if (!(problem instanceof RequestError)) throw problem;
    say(problem.message, { tone: "bad" });
    return undefined;
  }
}
