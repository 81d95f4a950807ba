/** Something asked of the cluster and asked again when what it is about changes. */
import { signal } from "@preact/signals-core";
import { RequestError } from "../../api/playground";

export interface Loaded<T> {
  key: string;
  value: T | null;
  problem: string;
}

const AGAIN_MS = 400;

export class Loader<T> {
  readonly state = signal<Loaded<T>>({ key: "", value: null, problem: "" });
  private version: unknown = undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stop: AbortController | null = null;

  constructor(private readonly load: (key: string, signal: AbortSignal) => Promise<T>) {}

  /** Makes sure that what is shown is of this key and version; loads when it is not. */
  want(key: string, version: unknown): void {
    const current = this.state.peek();
    if (current.key === key && this.version === version) return;
    const isOther = current.key !== key;
    this.version = version;
    if (isOther) this.state.value = { key, value: null, problem: "" };
    if (!isOther && this.timer !== undefined) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(key), isOther ? 0 : AGAIN_MS);
  }

  close(): void {
    clearTimeout(this.timer);
    this.stop?.abort();
  }

  private async run(key: string): Promise<void> {
    this.timer = undefined;
    this.stop?.abort();
    const stop = (this.stop = new AbortController());
    try {
      const value = await this.load(key, stop.signal);
      if (!stop.signal.aborted) this.state.value = { key, value, problem: "" };
    } catch (problem) {
      if (stop.signal.aborted) return;
      if (!(problem instanceof RequestError)) throw problem;
      this.state.value = { key, value: null, problem: problem.message };
    }
  }
}
