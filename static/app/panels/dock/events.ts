/** The dock's list of all events: listed once, then watched while it is shown. */
import { signal } from "@preact/signals-core";
import { html, type TemplateResult } from "lit";
import type { KubeEvent } from "../../api/cluster";
import { LiveElement } from "../../elements/live";
import { RequestError } from "../../api/playground";
import { clusterNow } from "../../session/clock";
import { cluster } from "../../session/context";
import { clock, filter } from "../../state/store";
import { eventTable, newestFirst } from "./event-list";

const PATH = "/api/v1/events";
const EVENTS_MAX = 500;
const SHOWN_MAX = 200;
const RETRY_MS = 2000;
const BATCH_MS = 150;

interface EventList {
  items: KubeEvent[];
  metadata: { resourceVersion?: string };
}

export class EventsPanel extends LiveElement {
  private readonly events = signal<ReadonlyMap<string, KubeEvent>>(new Map());
  private stop: AbortController | null = null;
  private pending = new Map<string, KubeEvent | null>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = new AbortController();
    void this.follow(this.stop.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.abort();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  protected override render(): TemplateResult {
    const { namespace, text } = filter.value;
    const needle = text.toLowerCase();
    const shown = newestFirst(this.events.value.values())
      .filter((event) => !namespace || event.involvedObject.namespace === namespace)
      .filter((event) => !needle || event.involvedObject.name?.toLowerCase().includes(needle))
      .slice(0, SHOWN_MAX);
    if (shown.length === 0) return html`<p class="dock-note">No events yet.</p>`;
    return eventTable(shown, clusterNow(clock.value, performance.now()), true);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const list = await cluster().get<EventList>(PATH, signal);
        this.events.value = new Map(list.items.slice(-EVENTS_MAX).map((one) => [key(one), one]));
        const version = list.metadata.resourceVersion ?? "0";
        for await (const change of cluster().watch<KubeEvent>(PATH, version, signal)) {
          if (change.type === "ERROR") break;
          if (change.type === "BOOKMARK") continue;
          this.note(key(change.object), change.type === "DELETED" ? null : change.object);
        }
      } catch (problem) {
        if (signal.aborted) return;
        if (!(problem instanceof RequestError || problem instanceof TypeError)) throw problem;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** Takes changes together, so that a burst of events is drawn once. */
  private note(name: string, event: KubeEvent | null): void {
    this.pending.set(name, event);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const next = new Map(this.events.peek());
      for (const [one, value] of this.pending) {
        if (value) next.set(one, value);
        else next.delete(one);
      }
      this.pending.clear();
      for (const oldest of next.keys()) {
        if (next.size <= EVENTS_MAX) break;
        next.delete(oldest);
      }
      this.events.value = next;
    }, BATCH_MS);
  }
}

customElements.define("py-events", EventsPanel);

function key(event: KubeEvent): string {
  return event.metadata.uid ?? `${event.metadata.namespace}/${event.metadata.name}`;
}
