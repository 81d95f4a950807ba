/** Events of the cluster, or of one object, newest first. */
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { KubeEvent } from "../../api/cluster";
import { refOfObject } from "../../kinds/objects";
import { select } from "../../session/objects";
import { instant, span } from "../../words";

/** When an event was last seen, in milliseconds. */
export function eventTime(event: KubeEvent): number {
  return (
    instant(event.series?.lastObservedTime ?? null) ??
    instant(event.lastTimestamp ?? null) ??
    instant(event.eventTime ?? null) ??
    instant(event.metadata.creationTimestamp ?? null) ??
    0
  );
}

export function eventCount(event: KubeEvent): number {
  return event.series?.count ?? event.count ?? 1;
}

/** Events by last sight, newest first; equal times keep the cluster's order. */
export function newestFirst(events: Iterable<KubeEvent>): KubeEvent[] {
  return [...events].sort(
    (a, b) =>
      eventTime(b) - eventTime(a) ||
      Number(b.metadata.resourceVersion ?? 0) - Number(a.metadata.resourceVersion ?? 0),
  );
}

export function eventTable(
  events: readonly KubeEvent[],
  now: number,
  hasObjects: boolean,
): TemplateResult {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Events">
    <table class="event-table">
      <thead>
        <tr>
          <th scope="col">Age</th>
          <th scope="col">Reason</th>
          ${hasObjects ? html`<th scope="col">Object</th>` : ""}
          <th scope="col">Message</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          events,
          (event) => event.metadata.uid ?? event.metadata.name,
          (event) => row(event, now, hasObjects),
        )}
      </tbody>
    </table>
  </div>`;
}

function row(event: KubeEvent, now: number, hasObjects: boolean): TemplateResult {
  const count = eventCount(event);
  const from = event.source?.component ?? event.reportingComponent ?? "";
  return html`<tr class=${event.type === "Warning" ? "warning" : ""}>
    <td class="event-age">${span(now - eventTime(event))}</td>
    <td class="event-reason">
      ${event.reason}${count > 1 ? html` <span class="times">×${count}</span>` : ""}
    </td>
    ${hasObjects ? html`<td class="event-object">${objectLink(event)}</td>` : ""}
    <td class="event-message">${event.message}</td>
    <td class="event-from">${from}</td>
  </tr>`;
}

function objectLink(event: KubeEvent): TemplateResult {
  const { kind = "", namespace = "default", name = "" } = event.involvedObject;
  const ref = refOfObject(kind, namespace, name);
  const words = `${kind.toLowerCase()}/${name}`;
  return ref
    ? html`<button type="button" class="link plain" @click=${() => select(ref)}>${words}</button>`
    : html`${words}`;
}
