/** A pod's logs, followed live. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { RequestError } from "../../api/playground";
import { LiveElement } from "../../elements/live";
import { FACES } from "../../kinds/registry";
import { cluster } from "../../session/context";
import { scene } from "../../state/store";

const LINES_MAX = 2000;
const TAIL_LINES = 500;
const BATCH_MS = 60;

export class LogsPanel extends LiveElement {
  static override properties = { key: {} };
  declare key: string;

  private readonly container = signal("");
  private readonly isPrevious = signal(false);
  private readonly lines = signal<readonly string[]>([]);
  private readonly note = signal("");
  private stop: AbortController | null = null;
  private following = "";
  private pending: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isAtEnd = true;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.abort();
    this.following = "";
    clearTimeout(this.timer);
  }

  protected override render(): TemplateResult {
    const pod = scene.value.pods.get(this.key);
    const containers = pod?.containers ?? [];
    const shown = containers.includes(this.container.value)
      ? this.container.value
      : (containers[0] ?? "");
    const hasStarted = pod !== undefined && !["waiting", "pulling", "creating"].includes(pod.state);
    this.follow(shown, hasStarted ? (pod.restarts ?? 0) : -1);
    return html`<div class="logs">
      <div class="logs-head">
        ${
          containers.length > 1
            ? html`<label>
                <span class="hidden-text">Container</span>
                <select
                  @change=${(event: Event) =>
                    (this.container.value = (event.target as HTMLSelectElement).value)}
                >
                  ${containers.map(
                    (name) => html`<option ?selected=${name === shown}>${name}</option>`,
                  )}
                </select>
              </label>`
            : html`<span class="logs-container">${shown}</span>`
        }
        <span class="grow"></span>
        ${
          pod?.restarts
            ? html`<label class="check">
                <input
                  type="checkbox"
                  .checked=${this.isPrevious.value}
                  @change=${(event: Event) =>
                    (this.isPrevious.value = (event.target as HTMLInputElement).checked)}
                />
                Before the last restart
              </label>`
            : nothing
        }
      </div>
      ${this.note.value ? html`<p class="inspector-note">${this.note.value}</p>` : nothing}
      <pre
        class="logs-text ${this.lines.value.length ? "" : "absent"}"
        tabindex="0"
        role="log"
        aria-label="Logs of ${shown}"
        @scroll=${(event: Event) => this.scrolled(event.currentTarget as HTMLElement)}
      >
${this.lines.value.join("\n")}</pre>
    </div>`;
  }

  private scrolled(pre: HTMLElement): void {
    this.isAtEnd = pre.scrollHeight - pre.scrollTop - pre.clientHeight < 40;
  }

  protected override updated(): void {
    const pre = this.querySelector(".logs-text");
    if (pre && this.isAtEnd) pre.scrollTop = pre.scrollHeight;
  }

  /** Starts over when the pod, the container or its run changes. */
  private follow(container: string, run: number): void {
    const wanted = `${this.key} ${container} ${run} ${this.isPrevious.value}`;
    if (this.following === wanted || !container) return;
    this.following = wanted;
    this.stop?.abort();
    this.pending = [];
    queueMicrotask(() => {
      this.lines.value = [];
      this.note.value = run < 0 ? "It has not started, so it has said nothing yet." : "";
      if (run >= 0) void this.read(container);
    });
  }

  private async read(container: string): Promise<void> {
    const stop = (this.stop = new AbortController());
    const query = new URLSearchParams({ container, tailLines: String(TAIL_LINES) });
    if (this.isPrevious.peek()) query.set("previous", "true");
    else query.set("follow", "true");
    try {
      const path = `${FACES.pod.path(this.key)}/log?${query}`;
      for await (const lines of cluster().lines(path, stop.signal)) this.add(lines);
      if (!stop.signal.aborted && this.lines.peek().length + this.pending.length === 0) {
        this.note.value = "It has said nothing.";
      }
    } catch (problem) {
      if (stop.signal.aborted) return;
      if (problem instanceof RequestError) this.note.value = problem.message;
      else if (!(problem instanceof TypeError)) throw problem;
    }
  }

  private add(lines: string[]): void {
    this.pending.push(...lines);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.lines.value = [...this.lines.peek(), ...this.pending].slice(-LINES_MAX);
      this.pending = [];
    }, BATCH_MS);
  }
}

customElements.define("py-logs", LogsPanel);
