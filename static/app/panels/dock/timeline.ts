/** The timeline: who changed what, when, and because of what; newest last, like a log. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { LiveElement } from "../../elements/live";
import { refOfObject } from "../../kinds/objects";
import type { TimelineEntry } from "../../protocol/frames";
import { select } from "../../session/objects";
import { filter, timeline } from "../../state/store";
import { clockTime, instant, timelineWords } from "../../words";

const SHOWN_MAX = 300;

export class TimelinePanel extends LiveElement {
  private isAtEnd = true;

  protected override render(): TemplateResult {
    const { namespace, text } = filter.value;
    const needle = text.toLowerCase();
    const entries = timeline.value
      .filter((entry) => !namespace || (entry.namespace ?? namespace) === namespace)
      .filter((entry) => !needle || timelineWords(entry).toLowerCase().includes(needle))
      .slice(-SHOWN_MAX);
    if (entries.length === 0) return html`<p class="dock-note">Nothing has happened yet.</p>`;
    return html`<ol
      class="timeline"
      tabindex="0"
      aria-label="Timeline"
      @scroll=${(event: Event) => this.scrolled(event.currentTarget as HTMLElement)}
    >
      ${repeat(entries, (entry) => `${entry.revision} ${entry.text}`, line)}
    </ol>`;
  }

  private scrolled(list: HTMLElement): void {
    this.isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  }

  protected override updated(): void {
    const list = this.querySelector(".timeline");
    if (list && this.isAtEnd) list.scrollTop = list.scrollHeight;
  }
}

customElements.define("py-timeline", TimelinePanel);

function line(entry: TimelineEntry): TemplateResult {
  const time = instant(entry.time);
  const ref =
    entry.verb === "deleted"
      ? null
      : refOfObject(entry.kind, entry.namespace ?? "default", entry.name);
  const words = timelineWords(entry);
  return html`<li class="timeline-line ${entry.verb}">
    <time class="timeline-time">${time === null ? "" : clockTime(time)}</time>
    <span class="timeline-actor">${entry.actor}</span>
    ${
      ref
        ? html`<button type="button" class="timeline-text link plain" @click=${() => select(ref)}>
            ${words}
          </button>`
        : html`<span class="timeline-text">${words}</span>`
    }
    ${
      entry.cause
        ? html`<span class="timeline-cause" title="caused by revision ${entry.cause}"
            >after ${entry.cause}</span
          >`
        : nothing
    }
  </li>`;
}
