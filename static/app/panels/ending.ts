/** The end of a session, calmly: a line while something can be done, a page when it is over. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import download from "lucide-static/icons/download.svg?raw";
import fork from "lucide-static/icons/git-fork.svg?raw";
import hourglass from "lucide-static/icons/hourglass.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { isOff } from "../session/classroom";
import { playground } from "../session/context";
import { endingOf, type Ending, type EndingTone } from "../session/ending";
import { extendSession, forkSession } from "../session/sharing";
import { session } from "../state/store";

const TICK_MS = 1000;

export class EndingPanel extends LiveElement {
  /** The warning that was put away; the next one comes all the same. */
  private readonly closed = signal<EndingTone | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override updated(): void {
    clearTimeout(this.timer);
    if (endingOf(session.peek(), Date.now())) {
      this.timer = setTimeout(() => this.requestUpdate(), TICK_MS);
    }
    const over = this.querySelector<HTMLDialogElement>("dialog");
    if (over && !over.open) over.showModal();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const ending = endingOf(session.value, Date.now());
    if (!ending) return nothing;
    if (ending.tone === "ended") return over(ending);
    if (this.closed.value === ending.tone) return nothing;
    return html`<section
      class="ending ${ending.tone}"
      data-testid="ending"
      data-state=${ending.tone}
      aria-label="The end of this session"
    >
      <span class="hidden-text" role="status">${spoken(ending.tone)}</span>
      ${icon(hourglass, "small")}
      <p><b>${ending.title}</b> ${ending.text}</p>
      <div class="ending-acts">${acts(ending)}</div>
      ${
        ending.tone === "warned"
          ? html`<button
              type="button"
              class="button quiet square"
              aria-label="Put away"
              @click=${() => (this.closed.value = ending.tone)}
            >
              ${icon(cross, "small")}
            </button>`
          : nothing
      }
    </section>`;
  }
}

customElements.define("py-ending", EndingPanel);

function acts(ending: Ending): TemplateResult {
  const minutes = session.value.extendable_minutes ?? 0;
  return html`${
    ending.mayExtend
      ? html`<button
          type="button"
          class="button primary"
          data-testid="ending-extend"
          @click=${() => void extendSession()}
        >
          Extend by ${minutes} min
        </button>`
      : nothing
  }
  ${
    ending.mayTake && !isOff("export")
      ? html`<a
          class="button"
          data-testid="ending-export"
          href=${playground().exportUrl()}
          download
          >${icon(download, "small")}Export</a
        >`
      : nothing
  }
  ${
    ending.mayTake && !isOff("fork")
      ? html`<button
            type="button"
            class="button"
            data-testid="ending-fork"
            @click=${() => void forkSession()}
          >
            ${icon(fork, "small")}Fork
          </button>`
      : nothing
  }`;
}

function spoken(tone: EndingTone): string {
  if (tone === "warned") return "This session ends soon.";
  return tone === "overtime"
    ? "Its time is over; you have a few more minutes."
    : "This session has ended and can only be looked at.";
}

/** Nothing is left to do here: why, and where to go on. */
function over(ending: Ending): TemplateResult {
  return html`<dialog
    class="dialog over"
    data-testid="over"
    aria-labelledby="over-title"
    @cancel=${(event: Event) => event.preventDefault()}
  >
    <div class="dialog-inner">
      <h2 id="over-title">This session has ended</h2>
      <p>${ending.title} ${ending.text}</p>
      <div class="confirm-acts">
        <a class="button" href="/#bring">Bring one back from a file</a>
        <a class="button primary" href="/" data-testid="over-start" autofocus>To the start</a>
      </div>
    </div>
  </dialog>`;
}
