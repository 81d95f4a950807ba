/** The line that says that review is on, whose it is, and what of mine waits. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import chevron from "lucide-static/icons/chevron-down.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import type { Summary } from "../review/api";
import { ageWords, stateTone, stateWords } from "../review/story";
import { deskAddress, isHeld, mine, review } from "../session/review";
import { plural } from "../words";

export class ReviewLine extends LiveElement {
  private readonly isOpen = signal(false);

  protected override render(): TemplateResult | typeof nothing {
    const found = review.value;
    if (!found || (!found.on && !mine.value.some(isWaiting))) return nothing;
    return html`<section class="review-line" aria-label="Review" data-testid="review-line">
      <p role="status">${this.words()}</p>
      ${isHeld.value || mine.value.length ? this.mineButton() : nothing}
      <a class="link" href=${deskAddress(isHeld.value ? "submitted" : "")}>Review desk</a>
      ${this.isOpen.value && mine.value.length ? mineList() : nothing}
    </section>`;
  }

  private words(): string {
    const found = review.value;
    if (!found?.on) return "Review is off again; what was submitted before still waits.";
    if (isHeld.value) {
      const who = found.reviewers.map((one) => one.name).join(" or ") || "a reviewer";
      return `Review is on: what you change is applied once ${who} approves it.`;
    }
    return found.open
      ? `Review is on: ${plural(found.open, "submission")} of others ${
          found.open === 1 ? "waits" : "wait"
        }.`
      : "Review is on: what others change waits for a reviewer.";
  }

  private mineButton(): TemplateResult | typeof nothing {
    if (!mine.value.length) return nothing;
    const waiting = mine.value.filter(isWaiting).length;
    return html`<button
      type="button"
      class="link"
      aria-expanded=${this.isOpen.value ? "true" : "false"}
      @click=${() => (this.isOpen.value = !this.isOpen.value)}
    >
      ${waiting ? `${waiting} of yours ${waiting === 1 ? "waits" : "wait"}` : "Yours"}
      ${icon(chevron, "small")}
    </button>`;
  }
}

customElements.define("py-review-line", ReviewLine);

function isWaiting(one: Summary): boolean {
  return one.state === "open" || one.state === "changes-requested";
}

function mineList(): TemplateResult {
  return html`<ul class="review-mine" aria-label="What you submitted" data-testid="my-submissions">
    ${mine.value.map(
      (one) =>
        html`<li data-state=${one.state}>
          <a href="/review/${one.id}/">${one.title}</a>
          <span class="review-state ${stateTone(one.state)}">${stateWords(one.state)}</span>
          <time datetime=${one.updated_at}>${ageWords(one.updated_at, Date.now())}</time>
        </li>`,
    )}
  </ul>`;
}
