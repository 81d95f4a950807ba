/** Why a pod is where it is, or nowhere: the scheduler's own reasoning, nodes by plugins. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import type { ScenePod } from "../../protocol/frames";
import { LiveElement } from "../../elements/live";
import { cluster } from "../../session/context";
import { select } from "../../session/objects";
import { scene } from "../../state/store";
import { clockTime, fitAdvice, instant } from "../../words";
import { FACES } from "../../kinds/registry";
import { Loader } from "./loading";
import {
  whySentence,
  whyTable,
  type Attempt,
  type WhyCell,
  type WhyRow,
  type WhyTable,
} from "./why-model";

export class WhyPanel extends LiveElement {
  static override properties = { key: {} };
  declare key: string;

  private readonly isWhole = signal(false);
  private readonly chosenAttempt = signal(-1);
  private readonly loader = new Loader<{ attempts: Attempt[] }>((key, stop) => {
    const { namespace, name } = FACES.pod.parts(key);
    return cluster().get(`/podyard/v1/namespaces/${namespace}/pods/${name}/scheduling`, stop);
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.loader.close();
  }

  protected override render(): TemplateResult {
    const pod = scene.value.pods.get(this.key);
    this.loader.want(this.key, `${pod?.node ?? ""} ${pod?.waiting?.message ?? ""}`);
    const { value, problem } = this.loader.state.value;
    if (problem) return html`<p class="inspector-note">${problem}</p>`;
    if (!value) return html`<p class="inspector-note">Asking the scheduler.</p>`;
    const { attempts } = value;
    const number = this.chosenAttempt.value < 0 ? attempts.length - 1 : this.chosenAttempt.value;
    const attempt = attempts[number];
    if (!attempt) return this.unjudged(pod);
    const table = whyTable(attempt);
    return html`<div class="why" data-testid="why">
      <p class="inspector-say">${whySentence(attempt)}</p>
      ${
        attempt.message && !attempt.node
          ? html`<p class="why-message">${attempt.message}</p>`
          : nothing
      }
      ${pod ? advice(pod) : nothing} ${victims(attempt)} ${this.table(table)}
      ${this.attempts(attempts, number, attempt)}
    </div>`;
  }

  private unjudged(pod: ScenePod | undefined): TemplateResult {
    return html`<p class="inspector-note" data-testid="why">
      ${
        pod?.node
          ? `The scheduler did not place this pod: it was given to ${pod.node} directly.`
          : "The scheduler has not looked at it yet."
      }
    </p>`;
  }

  private table(table: WhyTable): TemplateResult {
    if (table.nodes.length === 0) return html``;
    const width = table.nodes.length + 1;
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Nodes by plugins">
      <table class="why-table">
        <thead>
          <tr>
            <th scope="col"><span class="hidden-text">Plugin</span></th>
            ${table.nodes.map((node) => this.columnHead(node, table.chosen))}
          </tr>
        </thead>
        <tbody>
          ${groupRow("Filters", width)} ${table.filters.map((row) => this.row(row, table))}
          ${this.quietRows(table)}
          ${table.scores.length ? groupRow("Scores, weighted", width) : nothing}
          ${table.scores.map((row) => this.row(row, table))}
          ${table.totals ? totalRow(table.totals, table) : nothing}
        </tbody>
      </table>
      ${table.left ? html`<p class="why-more">and ${table.left} more nodes</p>` : nothing}
    </div>`;
  }

  private columnHead(node: string, chosen: string | null): TemplateResult {
    return html`<th scope="col" class=${node === chosen ? "chosen" : ""}>
      <button type="button" class="link plain" @click=${() => select({ kind: "node", key: node })}>
        ${node}
      </button>
    </th>`;
  }

  private row(row: WhyRow, table: WhyTable): TemplateResult {
    return html`<tr>
      <th scope="row" title=${row.plugin}>${row.label}</th>
      ${row.cells.map((one, index) => cell(one, table.nodes[index] === table.chosen))}
    </tr>`;
  }

  /** Filters that everybody passed are one line until asked for. */
  private quietRows(table: WhyTable): TemplateResult | typeof nothing {
    const { quiet } = table;
    if (quiet.length === 0) return nothing;
    if (this.isWhole.value || quiet.length <= 3) {
      return html`${quiet.map((row) => this.row(row, table))}`;
    }
    return html`<tr>
      <th scope="row">
        <button type="button" class="link plain" @click=${() => (this.isWhole.value = true)}>
          ${quiet.length} ${table.filters.length > 0 ? "more filters" : "filters"}
        </button>
      </th>
      ${table.nodes.map((node, index) => {
        const isOk = quiet.some((row) => row.cells[index]?.tone === "ok");
        const one: WhyCell = isOk ? { text: "ok", tone: "ok" } : { text: "–", tone: "none" };
        return cell(one, node === table.chosen);
      })}
    </tr>`;
  }

  private attempts(attempts: Attempt[], number: number, attempt: Attempt): TemplateResult {
    const time = instant(attempt.time ?? null);
    return html`<p class="why-attempt">
      Attempt ${number + 1} of ${attempts.length}${time === null ? "" : `, at ${clockTime(time)}`}.
      ${
        number > 0
          ? html`<button
              type="button"
              class="link plain"
              @click=${() => (this.chosenAttempt.value = number - 1)}
            >
              Earlier
            </button>`
          : nothing
      }
      ${
        number < attempts.length - 1
          ? html`<button
              type="button"
              class="link plain"
              @click=${() => (this.chosenAttempt.value = number + 1)}
            >
              Later
            </button>`
          : nothing
      }
    </p>`;
  }
}

customElements.define("py-why", WhyPanel);

function advice(pod: ScenePod): TemplateResult | typeof nothing {
  if (pod.node) return nothing;
  const lines = fitAdvice(pod, scene.value.nodes.values());
  if (lines.length === 0) return nothing;
  return html`<section class="advice">
    <h3>What would make it fit</h3>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>
  </section>`;
}

function victims(attempt: Attempt): TemplateResult | typeof nothing {
  if (!attempt.victims?.length) return nothing;
  const names = attempt.victims.map((one) => (typeof one === "string" ? one : one.name));
  return html`<p>To make room it preempts ${names.join(", ")}.</p>`;
}

function groupRow(label: string, width: number): TemplateResult {
  return html`<tr class="why-group">
    <th scope="rowgroup" colspan=${width}>${label}</th>
  </tr>`;
}

function totalRow(cells: readonly WhyCell[], table: WhyTable): TemplateResult {
  return html`<tr class="why-total">
    <th scope="row">Total</th>
    ${cells.map((one, index) => cell(one, table.nodes[index] === table.chosen))}
  </tr>`;
}

function cell(one: WhyCell, isChosen: boolean): TemplateResult {
  return html`<td class="${one.tone} ${isChosen ? "chosen" : ""}" title=${one.title ?? nothing}>
    ${one.text}
  </td>`;
}
