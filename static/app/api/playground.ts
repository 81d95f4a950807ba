/** The playground's own REST API, below /api/v1. */

export class RequestError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code = "",
  ) {
    super(message);
  }
}

export interface SessionCreated {
  id: string;
  url: string;
}

export interface Problem {
  line: number;
  column?: number;
  message: string;
  severity?: "error" | "warning" | "info";
}

export type Outcome =
  "created" | "configured" | "unchanged" | "deleted" | "failed" | "skipped" | (string & {});

export interface ManifestResult {
  document: number;
  line: number;
  kind: string;
  namespace?: string;
  name: string;
  outcome: Outcome;
  message?: string;
  diff?: string;
  object?: unknown;
}

export interface ManifestAnswer {
  results: ManifestResult[];
  problems: Problem[];
}

export type ManifestAction = "apply" | "dry-run" | "diff" | "delete" | "check";

export interface Example {
  name: string;
  title: string;
  text: string;
}

export interface TerminalOpened {
  number: number;
  title: string;
  kind?: "console" | "exec";
  /** Its program has ended. */
  over?: boolean;
}

const ROOT = "/api/v1";

/** Calls the API; the answer's JSON, or a `RequestError` with the server's own words. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const token = csrfToken();
  if (token && method !== "GET") headers["X-CSRFToken"] = token;
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  return callWith(path, init);
}

async function callWith<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(ROOT + path, { credentials: "same-origin", ...init });
  } catch {
    throw new RequestError("The server cannot be reached. Check the connection and try again.", 0);
  }
  if (!response.ok) throw await errorOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function errorOf(response: Response): Promise<RequestError> {
  try {
    const { error } = (await response.json()) as { error?: { message?: string; code?: string } };
    if (error?.message) return new RequestError(error.message, response.status, error.code);
  } catch {
    // Not JSON: the status says what there is to say.
  }
  return new RequestError(`The server answered ${response.status}.`, response.status);
}

function csrfToken(): string {
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  return cookie ?? meta ?? "";
}

/** The calls about one session. */
export class SessionApi {
  constructor(private readonly id: string) {}

  private path(rest: string): string {
    return `/sessions/${this.id}${rest}`;
  }

  extend(): Promise<{ expires_at: string | number }> {
    return call("POST", this.path("/extend"), {});
  }

  fork(): Promise<SessionCreated> {
    return call("POST", this.path("/fork"), {});
  }

  remove(): Promise<void> {
    return call("DELETE", this.path(""));
  }

  share(role: "viewer" | "editor"): Promise<{ url: string }> {
    return call("POST", this.path("/shares"), { role });
  }

  manifests(text: string, action: ManifestAction, file?: string): Promise<ManifestAnswer> {
    return call("POST", this.path("/manifests"), { text, action, ...(file ? { file } : {}) });
  }

  terminals(): Promise<TerminalOpened[] | { terminals: TerminalOpened[] }> {
    return call("GET", this.path("/terminals"));
  }

  openConsole(): Promise<TerminalOpened> {
    return call("POST", this.path("/terminals"), { kind: "console" });
  }

  openExec(namespace: string, pod: string, container?: string): Promise<TerminalOpened> {
    const target = { kind: "exec", namespace, pod, ...(container ? { container } : {}) };
    return call("POST", this.path("/terminals"), target);
  }

  closeTerminal(number: number): Promise<void> {
    return call("DELETE", this.path(`/terminals/${number}`));
  }

  /** The session as one file, or what people wrote as YAML. */
  exportUrl(form: "file" | "yaml" = "file"): string {
    return ROOT + this.path(form === "yaml" ? "/export?form=yaml" : "/export");
  }

  kubeconfigUrl(): string {
    return ROOT + this.path("/kubeconfig");
  }
}

export function createSession(): Promise<SessionCreated> {
  return call("POST", "/sessions", {});
}

/** A session of one's own from its file. */
export function importSession(file: File): Promise<SessionCreated> {
  const form = new FormData();
  form.append("file", file);
  return callWith("/sessions/import", { method: "POST", body: form });
}

export interface Waiting {
  ticket: string;
  position: number;
  ahead: number;
  expected_seconds: number | null;
}

/** How a ticket stands: still waiting, or the session that is held for it. */
export function waitingStanding(
  ticket: string,
): Promise<{ waiting?: Waiting; session?: SessionCreated }> {
  return call("GET", `/waiting/${encodeURIComponent(ticket)}`);
}

export async function loadExamples(): Promise<Example[]> {
  const answer = await call<Example[] | { examples: Example[] }>("GET", "/examples");
  return Array.isArray(answer) ? answer : answer.examples;
}
