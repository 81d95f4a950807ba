/** The timeline: who changed what, when, and because of what; newest last, like a log. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { LiveElement } from "../../elements/live";
import { refOfObject } from "../../kinds/objects";
import type { TimelineEntry } from "../../protocol/frames";
import type { Author } from "../../protocol/people";
import { select } from "../../session/objects";
import { filter, timeline, you } from "../../state/store";
import { face } from "../people/face";
import { authors, CLUSTER, entriesOf, sourceWords } from "./authors";
import { clockTime, instant, timelineWords } from "../../words";

const SHOWN_MAX = 300;

export class TimelinePanel extends LiveElement {
  private readonly who = signal("");
  private isAtEnd = true;

  protected override render(): TemplateResult {
    const { namespace, text } = filter.value;
    const needle = text.toLowerCase();
    const all = timeline.value;
    const entries = entriesOf(all, this.who.value)
      .filter((entry) => !namespace || (entry.namespace ?? namespace) === namespace)
      .filter((entry) => !needle || timelineWords(entry).toLowerCase().includes(needle))
      .slice(-SHOWN_MAX);
    return html`${this.whoTemplate(authors(all))}
    ${
      entries.length
        ? this.list(entries)
        : html`<p class="dock-note">
            ${all.length ? "Nothing of that kind." : "Nothing has happened yet."}
          </p>`
    }`;
  }

  /** The filter by person, once there is a person to choose. */
  private whoTemplate(found: readonly Author[]): TemplateResult | typeof nothing {
    if (found.length === 0) return nothing;
    return html`<label class="timeline-who">
      <span>Done by</span>
      <select @change=${(event: Event) => this.choose(event)}>
        <option value="">anybody</option>
        ${found.map(
          (one) =>
            html`<option value=${one.id} ?selected=${this.who.value === one.id}>
              ${one.name}${one.id === you.value?.id ? " (you)" : ""}
            </option>`,
        )}
        <option value=${CLUSTER} ?selected=${this.who.value === CLUSTER}>the cluster itself</option>
      </select>
    </label>`;
  }

  private choose(event: Event): void {
    this.who.value = (event.target as HTMLSelectElement).value;
    this.isAtEnd = true;
  }

  private list(entries: readonly TimelineEntry[]): TemplateResult {
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
    ${
      entry.person
        ? html`<span class="timeline-actor person-actor" data-person=${entry.person.name}
            >${face(entry.person, true)}<b>${entry.person.name}</b>
            <span class="timeline-source">${sourceWords(entry.person)}</span></span
          >`
        : html`<span class="timeline-actor">${entry.actor}</span>`
    }
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
