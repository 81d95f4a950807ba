/** Facts as pairs of a word and what it is; and the small parts they are made of. */
import { html, nothing, type TemplateResult } from "lit";
import type { Ref } from "../../state/state";
import { select } from "../../session/objects";

export type Fact = [word: string, value: unknown] | null;

/** A list of facts; those without a value are left out. */
export function facts(list: readonly Fact[]): TemplateResult {
  const shown = list.filter(
    (fact): fact is [string, unknown] =>
      fact !== null && fact[1] !== undefined && fact[1] !== null && fact[1] !== "",
  );
  return html`<dl class="facts">
    ${shown.map(
      ([word, value]) =>
        html`<div>
          <dt>${word}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export function refLink(ref: Ref | null, words: string): TemplateResult {
  return ref
    ? html`<button type="button" class="link plain" @click=${() => select(ref)}>${words}</button>`
    : html`${words}`;
}

export function labels(of: Record<string, string> | undefined): TemplateResult | typeof nothing {
  const entries = Object.entries(of ?? {});
  if (entries.length === 0) return nothing;
  return html`<ul class="labels">
    ${entries.map(([key, value]) => html`<li class="label">${key}${value ? `=${value}` : ""}</li>`)}
  </ul>`;
}

export function section(title: string, content: unknown): TemplateResult | typeof nothing {
  if (content === nothing) return nothing;
  return html`<section class="summary-part">
    <h3>${title}</h3>
    ${content}
  </section>`;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** Conditions, the ones that say something is wrong first told in full. */
export function conditions(
  list: unknown,
  isGood: (one: Condition) => boolean,
): TemplateResult | typeof nothing {
  const all = (list ?? []) as Condition[];
  if (all.length === 0) return nothing;
  return html`<ul class="conditions">
    ${all.map((one) => {
      const good = isGood(one);
      return html`<li class=${good ? "good" : "bad"}>
        <span class="condition-type">${one.type}</span>
        <span class="condition-status">${one.status}</span>
        ${good ? nothing : html`<p>${[one.reason, one.message].filter(Boolean).join(": ")}</p>`}
      </li>`;
    })}
  </ul>`;
}
