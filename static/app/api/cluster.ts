/** The cluster's own API, as any Kubernetes client would use it. */
import { RequestError } from "./playground";

export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
    resourceVersion?: string;
    [key: string]: unknown;
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [key: string]: unknown;
}

export interface KubeEvent extends KubeObject {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string };
  involvedObject: { kind?: string; namespace?: string; name?: string };
  source?: { component?: string; host?: string };
  reportingComponent?: string;
}

export interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: T;
}

export class ClusterApi {
  constructor(private server: string) {}

  /** Another address of the same cluster: with another role comes another secret. */
  moveTo(server: string): void {
    this.server = server;
  }

  private url(path: string): string {
    return this.server.replace(/\/$/, "") + path;
  }

  async request(method: string, path: string, options: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.url(path), { method, ...options });
    } catch (problem) {
      if (problem instanceof DOMException && problem.name === "AbortError") throw problem;
      throw new RequestError("The cluster cannot be reached just now.", 0);
    }
    if (response.ok) return response;
    const text = await response.text();
    try {
      const status = JSON.parse(text) as { message?: string; reason?: string };
      throw new RequestError(status.message ?? text, response.status, status.reason ?? "");
    } catch (problem) {
      if (problem instanceof RequestError) throw problem;
      throw new RequestError(text || `The cluster answered ${response.status}.`, response.status);
    }
  }

  async get<T = KubeObject>(path: string, signal?: AbortSignal): Promise<T> {
    const headers = { Accept: "application/json" };
    const response = await this.request("GET", path, { headers, ...(signal ? { signal } : {}) });
    return (await response.json()) as T;
  }

  async remove(path: string): Promise<void> {
    await this.request("DELETE", path);
  }

  async create(path: string, body: unknown): Promise<void> {
    await this.request("POST", path, {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async mergePatch(path: string, body: unknown): Promise<void> {
    await this.request("PATCH", path, {
      headers: { "Content-Type": "application/merge-patch+json" },
      body: JSON.stringify(body),
    });
  }

  /** The lines of a streaming answer, each as soon as it is whole. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string[]> {
    const response = await this.request("GET", path, { signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) return;
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      if (lines.length) yield lines;
    }
    if (rest) yield [rest];
  }

  /** Changes after a resource version; ends when the server ends the watch. */
  async *watch<T>(
    path: string,
    version: string,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>> {
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${encodeURIComponent(version)}`;
    const joined = `${path}${path.includes("?") ? "&" : "?"}${query}`;
    for await (const lines of this.lines(joined, signal)) {
      for (const line of lines) if (line) yield JSON.parse(line) as WatchEvent<T>;
    }
  }
}

/** An object as one would write it: without what the cluster filled in. */
export function asWritten(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object;
  const {
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    generation: _generation,
    managedFields: _fields,
    selfLink: _link,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    ...metadata
  } = rest.metadata;
  return { ...rest, metadata } as KubeObject;
}
