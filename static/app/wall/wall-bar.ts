/** The room's bar: what it is, how it goes, and what can be done to everybody. */
import { html, nothing, type TemplateResult } from "lit";
import more from "lucide-static/icons/ellipsis.svg?raw";
import cards from "lucide-static/icons/layout-grid.svg?raw";
import message from "lucide-static/icons/message-square.svg?raw";
import play from "lucide-static/icons/play.svg?raw";
import code from "lucide-static/icons/qr-code.svg?raw";
import freeze from "lucide-static/icons/snowflake.svg?raw";
import table from "lucide-static/icons/table.svg?raw";
import zap from "lucide-static/icons/zap.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { openMenu, under, type MenuItem } from "../elements/menu";
import { mark } from "../panels/mark";
import { act, ask, fileUrl, targets } from "./acts";
import type { Room } from "./frames";
import type { Sorting } from "./order";
import { counts, isTable, may, now, picked, query, room, settleOrder, sorting } from "./state";
import { roomWords, tallyWords } from "./words";

const SORTINGS: readonly [Sorting, string][] = [
  ["help", "Who needs help"],
  ["progress", "Least done"],
  ["name", "Name"],
];

export class WallBar extends LiveElement {
  protected override render(): TemplateResult {
    const found = room.value;
    return html`<header class="wall-bar">
      <a class="mark" href="/teach/" aria-label="Your classrooms">${mark()}</a>
      <div class="wall-title">
        <h1>${found?.title ?? "Classroom"}</h1>
        <p>${found ? html`${roomWords(found, now.value)} · ${tallyWords(counts.value)}` : "Opening…"}</p>
      </div>
      ${found ? this.acts(found) : nothing}
    </header>`;
  }

  private acts(found: Room): TemplateResult {
    const isOver = found.state === "ended";
    return html`<button
        type="button"
        class="button wall-code"
        title="How students join"
        @click=${() => ask("code")}
      >
        ${icon(code, "small")}<b>${found.code}</b>
      </button>
      <span class="grow"></span>
      ${isOver ? nothing : this.timeAct(found)}
      ${
        isOver || !may("message")
          ? nothing
          : html`<button type="button" class="button" @click=${() => ask("message")}>
              ${icon(message, "small")}<span class="wide">Message</span>
            </button>`
      }
      ${
        isOver || !may("break")
          ? nothing
          : html`<button type="button" class="button" @click=${() => ask("break")}>
              ${icon(zap, "small")}<span class="wide">Break</span>
            </button>`
      }
      <button
        type="button"
        class="button square"
        aria-label="More"
        @click=${(event: Event) => this.menu(event)}
      >
        ${icon(more)}
      </button>`;
  }

  private timeAct(found: Room): TemplateResult | typeof nothing {
    if ((found.state === "draft" || found.state === "lobby") && may("start")) {
      return html`<button type="button" class="button primary" @click=${() => void act("start")}>
        ${icon(play, "small")}Start
      </button>`;
    }
    if (found.state === "frozen" && may("resume")) {
      return html`<button type="button" class="button primary" @click=${() => void act("resume")}>
        ${icon(play, "small")}Resume
      </button>`;
    }
    if (found.state !== "running" || !may("freeze")) return nothing;
    return html`<button type="button" class="button" @click=${() => void act("freeze")}>
      ${icon(freeze, "small")}<span class="wide">Freeze</span>
    </button>`;
  }

  private menu(event: Event): void {
    const found = room.peek();
    const isOver = found?.state === "ended";
    const isReviewed = found?.is_reviewed ?? false;
    const acts: [action: string, item: MenuItem][] = [
      ["manifest", { label: "Apply a manifest…", run: () => ask("manifest") }],
      ["extend", { label: "Give more time…", run: () => ask("extend") }],
      ["mend", { label: "Mend what I broke", run: () => void act("mend", targets()) }],
      ["reset", { label: "Back to the start…", run: () => ask("reset") }],
      [
        "review",
        {
          label: "Review what students write",
          isChecked: isReviewed,
          run: () => void act("review", [], !isReviewed),
        },
      ],
      ["end", { label: "End the class…", run: () => ask("end"), isDangerous: true }],
    ];
    openMenu(
      "Classroom",
      [
        ...(isOver ? [] : acts.filter(([action]) => may(action)).map(([, item]) => item)),
        { label: "Results (CSV)", href: fileUrl("results.csv"), download: true, isFirst: !isOver },
        { label: "Replay (zip)", href: fileUrl("replay.zip"), download: true },
      ],
      under(event.currentTarget as Element, true),
    );
  }
}

/** Find, sort, cards or table, and who is picked. */
export class WallTools extends LiveElement {
  protected override render(): TemplateResult {
    const count = picked.value.size;
    return html`<div class="wall-tools">
      <input
        type="search"
        placeholder="Find a student"
        aria-label="Find a student"
        .value=${query.value}
        @input=${(event: Event) => (query.value = (event.target as HTMLInputElement).value)}
      />
      <label class="wall-sort"
        >Sort by
        <select
          @change=${(event: Event) => {
            sorting.value = (event.target as HTMLSelectElement).value as Sorting;
            settleOrder();
          }}
        >
          ${SORTINGS.map(
            ([name, words]) =>
              html`<option value=${name} ?selected=${sorting.value === name}>${words}</option>`,
          )}
        </select>
      </label>
      <button
        type="button"
        class="button quiet square"
        aria-label=${isTable.value ? "Show cards" : "Show a table"}
        title=${isTable.value ? "Cards" : "Table"}
        @click=${() => (isTable.value = !isTable.value)}
      >
        ${icon(isTable.value ? cards : table)}
      </button>
      ${
        count
          ? html`<span class="wall-picked" role="status">${count} picked</span>
              <button type="button" class="link" @click=${() => (picked.value = new Set())}>
                For everybody again
              </button>`
          : nothing
      }
    </div>`;
  }
}

customElements.define("py-wall-bar", WallBar);
customElements.define("py-wall-tools", WallTools);
