/** The desk's dialogs: the keys, and the question before a decision. */
import { html, nothing, type TemplateResult } from "lit";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { MOD } from "../elements/modifier";
import { plural } from "../words";
import { decide } from "./acts";
import type { Act } from "./api";
import { BOTH_KEYS, LIST_KEYS, ONE_KEYS, RECORD_KEYS, type KeyHelp } from "./keys";
import type { Asked, Dialog } from "./state";
import { dialog, dispatch, peek, route } from "./store";

interface Words {
  verb: string;
  note: string;
  placeholder: string;
  classes: string;
  needsMessage?: boolean;
}

const ACTS: Record<Act, Words> = {
  approve: {
    verb: "Approve",
    note: "It is applied to the cluster at once, as the one who submitted it.",
    placeholder: "A word to the submitter, if you like",
    classes: "primary",
  },
  "request-changes": {
    verb: "Request changes",
    note: "It goes back to the submitter, with your comments.",
    placeholder: "What should change",
    classes: "primary",
    needsMessage: true,
  },
  reject: {
    verb: "Reject",
    note: "It will not be applied.",
    placeholder: "Why",
    classes: "danger",
    needsMessage: true,
  },
  withdraw: {
    verb: "Withdraw",
    note: "It will not be applied, and nobody needs to look at it.",
    placeholder: "Why, if you like",
    classes: "danger",
  },
};

export class ReviewDialogs extends LiveElement {
  protected override render(): TemplateResult {
    const shown = dialog.value;
    return html`<dialog
      class="dialog"
      aria-label=${titleOf(shown)}
      @close=${close}
      @click=${(event: MouseEvent) => event.target === event.currentTarget && close()}
    >
      ${shown ? this.inner(shown) : nothing}
    </dialog>`;
  }

  private inner(shown: Dialog): TemplateResult {
    return html`<div class="dialog-inner">
      <div class="dialog-head">
        <h2>${titleOf(shown)}</h2>
        <button type="button" class="button quiet square" aria-label="Close" @click=${close}>
          ${icon(cross)}
        </button>
      </div>
      ${shown.name === "keys" ? keysTemplate() : this.question(shown.asked)}
    </div>`;
  }

  private question(asked: Asked): TemplateResult {
    const words = ACTS[asked.act];
    return html`<form class="question" @submit=${(event: Event) => this.send(event, asked)}>
      <p>${words.note}</p>
      <textarea
        rows="3"
        aria-label="Message"
        placeholder=${words.placeholder}
        ?required=${words.needsMessage ?? false}
        maxlength="4000"
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
            event.preventDefault();
            (event.target as HTMLTextAreaElement).form?.requestSubmit();
          }
        }}
      ></textarea>
      <div class="confirm-acts">
        <button type="button" class="button" @click=${close}>Cancel</button>
        <button type="submit" class="button ${words.classes}" data-testid="confirm">
          ${words.verb}<kbd>${MOD}⏎</kbd>
        </button>
      </div>
    </form>`;
  }

  private send(event: Event, asked: Asked): void {
    event.preventDefault();
    const message = this.querySelector("textarea")?.value.trim() ?? "";
    void decide(asked.act, asked.ids, message);
  }

  protected override updated(): void {
    const element = this.querySelector("dialog");
    if (!element) return;
    const isWanted = dialog.value !== null;
    if (isWanted && !element.open) {
      element.showModal();
      element.querySelector<HTMLElement>("textarea")?.focus();
    } else if (!isWanted && element.open) element.close();
  }
}

customElements.define("py-review-dialogs", ReviewDialogs);

function close(): void {
  if (peek().dialog) dispatch({ type: "dialog", dialog: null });
}

function titleOf(shown: Dialog | null): string {
  if (!shown) return "";
  if (shown.name === "keys") return "Keys";
  const { act, ids } = shown.asked;
  const { one, submissions } = peek();
  const known = one?.id === ids[0] ? one : submissions.find((each) => each.id === ids[0]);
  const what = ids.length === 1 && known ? known.title : plural(ids.length, "submission");
  return `${ACTS[act].verb}: ${what}`;
}

function keysTemplate(): TemplateResult {
  const { page } = route.value;
  const own: readonly KeyHelp[] =
    page === "record" ? RECORD_KEYS : [...(page === "list" ? LIST_KEYS : ONE_KEYS), ...BOTH_KEYS];
  return html`<dl class="keys">
    ${own.map(
      ({ keys, words }) =>
        html`<div>
          <dt><kbd>${keys}</kbd></dt>
          <dd>${words}</dd>
        </div>`,
    )}
  </dl>`;
}
