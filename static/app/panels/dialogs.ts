/** The dialogs: share, keys, end the session; native ones, so that focus and Esc behave. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import copyIcon from "lucide-static/icons/copy.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { attempt, playground, serverAddress } from "../session/context";
import { copyText, endSession } from "../session/sharing";
import { dialog, dispatch, session } from "../state/store";
import { KEYS } from "./keys";
import "./palette";

export class Dialogs extends LiveElement {
  private readonly links = signal<Record<string, string>>({});

  protected override render(): TemplateResult {
    return html`
      ${this.frame("share", "Share this cluster", this.share())}
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

  private share(): TemplateResult {
    return html`<div class="share">
      ${
        session.value.share
          ? html`${this.shareRow("viewer", "Viewers", "see everything and change nothing.")}
            ${this.shareRow("editor", "Editors", "work in the same cluster with you.")}`
          : html`<p>Only the owner hands out links. You may still copy the address below.</p>`
      }
      <section class="share-part">
        <h3>With kubectl</h3>
        <p>Any Kubernetes client works against this cluster.</p>
        <div class="share-line">
          <code class="share-url">${serverAddress()}</code>
          <button
            type="button"
            class="button"
            @click=${() => void copyText(serverAddress(), "Address")}
          >
            ${icon(copyIcon, "small")}Copy
          </button>
        </div>
        <a
          class="button"
          href=${playground().kubeconfigUrl()}
          download="${session.value.name}.kubeconfig"
        >
          ${icon(download, "small")}Download kubeconfig
        </a>
      </section>
    </div>`;
  }

  private shareRow(role: "viewer" | "editor", who: string, what: string): TemplateResult {
    const link = this.links.value[role];
    return html`<section class="share-part">
      <h3>${who}</h3>
      <p>${who} ${what}</p>
      ${
        link
          ? html`<div class="share-line">
              <input
                class="share-url"
                readonly
                aria-label="Link for ${who.toLowerCase()}"
                .value=${link}
                @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
              />
              <button
                type="button"
                class="button primary"
                @click=${() => void copyText(link, "Link")}
              >
                ${icon(copyIcon, "small")}Copy
              </button>
            </div>`
          : html`<button type="button" class="button" @click=${() => void this.make(role)}>
              Make a link for ${who.toLowerCase()}
            </button>`
      }
    </section>`;
  }

  private async make(role: "viewer" | "editor"): Promise<void> {
    const made = await attempt(() => playground().share(role));
    if (!made) return;
    const url = new URL(made.url, location.href).href;
    this.links.value = { ...this.links.peek(), [role]: url };
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
