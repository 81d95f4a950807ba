/** The dialogs: share, keys, end the session; native ones, so that focus and Esc behave. */
import { html, nothing, type TemplateResult } from "lit";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { endSession } from "../session/sharing";
import { dialog, dispatch } from "../state/store";
import { KEYS } from "./keys";
import "./palette";
import "./people/people";
import "./share/share";

export class Dialogs extends LiveElement {
  protected override render(): TemplateResult {
    return html`
      ${this.frame("share", "Share this cluster", html`<py-share></py-share>`)}
      ${this.frame("people", "People", html`<py-people></py-people>`)}
      ${this.frame("keys", "Keys", keysTemplate())}
      ${this.frame("confirm-delete", "Delete this session", confirmTemplate())}
      <py-palette></py-palette>
    `;
  }

  protected override updated(): void {
    for (const element of this.querySelectorAll<HTMLDialogElement>("dialog[data-dialog]")) {
      const isWanted = element.dataset["dialog"] === dialog.value;
      if (isWanted && !element.open) element.showModal();
      else if (!isWanted && element.open) element.close();
    }
  }

  private frame(name: string, title: string, content: TemplateResult): TemplateResult {
    return html`<dialog
      class="dialog"
      data-dialog=${name}
      aria-label=${title}
      @close=${() => dialog.peek() === name && dispatch({ type: "dialog", dialog: null })}
      @click=${(event: MouseEvent) => {
        if (event.target === event.currentTarget)
          (event.currentTarget as HTMLDialogElement).close();
      }}
    >
      <div class="dialog-inner">
        <div class="dialog-head">
          <h2>${title}</h2>
          <button
            type="button"
            class="button quiet square"
            aria-label="Close"
            @click=${() => dispatch({ type: "dialog", dialog: null })}
          >
            ${icon(cross)}
          </button>
        </div>
        ${dialog.value === name ? content : nothing}
      </div>
    </dialog>`;
  }
}

customElements.define("py-dialogs", Dialogs);

function keysTemplate(): TemplateResult {
  return html`<dl class="keys">
    ${KEYS.map(
      ({ keys, words }) =>
        html`<div>
          <dt><kbd>${keys}</kbd></dt>
          <dd>${words}</dd>
        </div>`,
    )}
  </dl>`;
}

function confirmTemplate(): TemplateResult {
  return html`<div class="confirm">
    <p>The cluster and everything in it will be gone, for everybody. This cannot be undone.</p>
    <div class="confirm-acts">
      <button
        type="button"
        class="button"
        @click=${() => dispatch({ type: "dialog", dialog: null })}
      >
        Keep it
      </button>
      <button type="button" class="button danger" @click=${() => void endSession()}>
        Delete the session
      </button>
    </div>
  </div>`;
}
