/** The events about one object. */
import { html, type TemplateResult } from "lit";
import type { KubeEvent } from "../../api/cluster";
import { LiveElement } from "../../elements/live";
import { FACES } from "../../kinds/registry";
import { clusterNow } from "../../session/clock";
import { cluster } from "../../session/context";
import { parseRef } from "../../state/address";
import { clock, scene } from "../../state/store";
import { eventTable, newestFirst } from "../dock/event-list";
import { Loader } from "./loading";

export class ObjectEvents extends LiveElement {
  static override properties = { ref: {} };
  declare ref: string;

  private readonly loader = new Loader<{ items: KubeEvent[] }>((key, stop) => {
    const ref = parseRef(key);
    if (!ref) throw new Error(`no object ${key}`);
    const face = FACES[ref.kind];
    const { namespace, name } = face.parts(ref.key);
    const fields = `involvedObject.kind=${face.kind(ref.key)},involvedObject.name=${name}`;
    const place = namespace ? `/namespaces/${namespace}` : "";
    const query = `fieldSelector=${encodeURIComponent(fields)}`;
    return cluster().get(`/api/v1${place}/events?${query}`, stop);
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.loader.close();
  }

  protected override render(): TemplateResult {
    this.loader.want(this.ref, scene.value.revision);
    const { value, problem } = this.loader.state.value;
    if (problem) return html`<p class="inspector-note">${problem}</p>`;
    if (!value) return html`<p class="inspector-note">Asking the cluster.</p>`;
    if (value.items.length === 0) return html`<p class="inspector-note">No events about it.</p>`;
    const now = clusterNow(clock.value, performance.now());
    return eventTable(newestFirst(value.items), now, false);
  }
}

customElements.define("py-object-events", ObjectEvents);
