/** Differences: from the cluster as it is, and between versions; one below the other or side by side. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "../elements/live";
import { yamlParts } from "../panels/inspector/yaml-lines";
import { getChanges, type Applied, type Effect, type Submission } from "./api";
import { counts, pairedRows, unifiedRows, type Pair, type Side, type UnifiedRow } from "./diff";
import type { State } from "./state";
import { state } from "./store";

type Look = "unified" | "split";

const LOOK_KEY = "podyard-review-diff";
const WIDE = 1100;

export class Difference extends LiveElement {
  private readonly look = signal<Look>(keptLook());
  /** The version to compare with; 0 is the cluster as it is. */
  private readonly base = signal(0);
  private readonly changes = signal<{ key: string; diff: string; problem: string }>({
    key: "",
    diff: "",
    problem: "",
  });
  private asked = "";

  protected override render(): TemplateResult {
    const { one, version, effect, effectProblem } = state.value;
    if (!one || !version) return html`<p class="desk-note">Asking.</p>`;
    const older = one.versions.filter((each) => each.version < version.version);
    const base = older.some((each) => each.version === this.base.value) ? this.base.value : 0;
    return html`<div class="text-head">
        ${this.bases(older.map((each) => each.version), base)}
        <span class="grow"></span>
        <div class="segment" role="group" aria-label="How to show it">
          ${this.lookButton("unified", "Below each other")}
          ${this.lookButton("split", "Side by side")}
        </div>
      </div>
      ${
        base
          ? this.between(one, base, version.version)
          : one.result && version.version === one.version
            ? this.blocks(one.result)
            : this.fromLive(effect, effectProblem)
      }`;
  }

  private bases(older: readonly number[], base: number): TemplateResult {
    if (!older.length) return html`<span class="severity-none">${liveWords(state.value)}</span>`;
    return html`<div class="segment" role="group" aria-label="Compared with">
      ${[0, ...older].map(
        (each) =>
          html`<button
            type="button"
            class="segment-item"
            aria-pressed=${each === base ? "true" : "false"}
            @click=${() => (this.base.value = each)}
          >
            ${each ? `Version ${each}` : "The cluster"}
          </button>`,
      )}
    </div>`;
  }

  private lookButton(look: Look, words: string): TemplateResult {
    return html`<button
      type="button"
      class="segment-item"
      aria-pressed=${this.look.value === look ? "true" : "false"}
      @click=${() => this.choose(look)}
    >
      ${words}
    </button>`;
  }

  private choose(look: Look): void {
    this.look.value = look;
    localStorage.setItem(LOOK_KEY, look);
  }

  private between(one: Submission, from: number, to: number): TemplateResult {
    const key = `${one.id} ${from} ${to}`;
    const known = this.changes.value;
    if (known.key !== key) {
      void this.load(key, one.id, from, to);
      return html`<p class="desk-note">Comparing.</p>`;
    }
    if (known.problem) return html`<p class="desk-note">${known.problem}</p>`;
    if (!known.diff) return html`<p class="desk-note">Both versions have the same text.</p>`;
    return this.block(`Version ${from} and version ${to}`, known.diff, "");
  }

  private async load(key: string, id: string, from: number, to: number): Promise<void> {
    if (this.asked === key) return;
    this.asked = key;
    try {
      const { diff } = await getChanges(id, from, to);
      this.changes.value = { key, diff, problem: "" };
    } catch (problem) {
      this.changes.value = { key, diff: "", problem: (problem as Error).message };
    }
    this.asked = "";
  }

  private fromLive(effect: Effect | null, problem: string): TemplateResult {
    if (problem) return html`<p class="desk-note">${problem}</p>`;
    if (!effect) {
      return html`<p class="desk-note" role="status">Trying it on a copy of the cluster.</p>`;
    }
    return this.blocks(effect.applied);
  }

  private blocks(applied: readonly Applied[]): TemplateResult {
    return html`${applied.map((one) =>
      one.diff
        ? this.block(titleOf(one), one.diff, one.outcome)
        : html`<section class="diff-block">
            <h2 class="diff-title">
              ${titleOf(one)} <span class="diff-outcome ${one.outcome}">${one.outcome}</span>
            </h2>
            ${one.message ? html`<p class="diff-message">${one.message}</p>` : nothing}
          </section>`,
    )}`;
  }

  private block(title: string, diff: string, outcome: string): TemplateResult {
    const rows = unifiedRows(diff);
    const { added, removed } = counts(rows);
    return html`<section class="diff-block" data-testid="difference">
      <h2 class="diff-title">
        ${title} ${outcome ? html`<span class="diff-outcome ${outcome}">${outcome}</span>` : nothing}
        <span class="diff-counts"
          ><span class="added">+${added}</span> <span class="removed">−${removed}</span></span
        >
      </h2>
      <div class="diff-scroll" tabindex="0" role="region" aria-label="Difference of ${title}">
        ${isTwoSided(rows, this.look.value) ? splitTable(pairedRows(rows)) : unifiedTable(rows)}
      </div>
    </section>`;
  }
}

customElements.define("py-difference", Difference);

function keptLook(): Look {
  const kept = localStorage.getItem(LOOK_KEY);
  if (kept === "split" || kept === "unified") return kept;
  return innerWidth > WIDE ? "split" : "unified";
}

/** Of what is wholly new or gone, one side would be empty. */
function isTwoSided(rows: readonly UnifiedRow[], look: Look): boolean {
  const hasBoth = rows.some((row) => row.change === "same" && !row.place);
  const changes = counts(rows);
  return look === "split" && (hasBoth || (changes.added > 0 && changes.removed > 0));
}

function liveWords({ one }: State): string {
  return one?.result ? "What it changed when it was applied" : "From the cluster as it is";
}

function titleOf(one: Applied): string {
  const place = one.namespace ? ` in ${one.namespace}` : "";
  return `${one.kind} ${one.name}${place}`;
}

function unifiedTable(rows: readonly UnifiedRow[]): TemplateResult {
  return html`<table class="diff-table unified">
    <thead class="hidden-text">
      <tr>
        <th scope="col">Before</th>
        <th scope="col">After</th>
        <th scope="col">Text</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) =>
        row.place || (row.left === null && row.right === null)
          ? html`<tr class="place">
              <td colspan="3">${row.place}</td>
            </tr>`
          : html`<tr class=${row.change}>
              <td class="number">${row.left ?? ""}</td>
              <td class="number">${row.right ?? ""}</td>
              <td class="code">${sign(row.change)}${colours(row.text)}</td>
            </tr>`,
      )}
    </tbody>
  </table>`;
}

function splitTable(pairs: readonly Pair[]): TemplateResult {
  return html`<table class="diff-table split">
    <thead class="hidden-text">
      <tr>
        <th scope="col" colspan="2">Before</th>
        <th scope="col" colspan="2">After</th>
      </tr>
    </thead>
    <tbody>
      ${pairs.map((pair) =>
        pair.left || pair.right
          ? html`<tr>
              ${side(pair.left)} ${side(pair.right)}
            </tr>`
          : html`<tr class="place">
              <td colspan="4">${pair.place}</td>
            </tr>`,
      )}
    </tbody>
  </table>`;
}

function side(one: Side | null): TemplateResult {
  if (!one) return html`<td class="number none"></td><td class="code none"></td>`;
  return html`<td class="number ${one.change}">${one.number}</td>
    <td class="code ${one.change}">${sign(one.change)}${colours(one.text)}</td>`;
}

function sign(change: UnifiedRow["change"]): TemplateResult {
  const mark = change === "added" ? "+" : change === "removed" ? "−" : " ";
  return html`<span class="diff-sign">${mark}</span>`;
}

function colours(line: string): TemplateResult {
  return html`${yamlParts(line).map(
    (part) => html`<span class=${part.kind ? `yaml-${part.kind}` : ""}>${part.text}</span>`,
  )}`;
}
