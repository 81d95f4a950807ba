/** Short notes at the edge, the line that says the connection is away, and the live region. */
import { html, nothing, type TemplateResult } from "lit";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { connection, dispatch, scene, session, toasts, refusal } from "../state/store";
import type { Scene } from "../state/scene";
import { sentence } from "../words";
import { announcement } from "./announce";

const ANNOUNCE_MS = 1200;

export class Notices extends LiveElement {
  protected override render(): TemplateResult {
    return html`<ul class="toasts" aria-live="polite">
      ${toasts.value.map(
        (toast) =>
          html`<li class="toast ${toast.tone}">
            <span>${toast.text}</span>
            ${
              toast.action
                ? html`<button
                    type="button"
                    class="link"
                    @click=${() => {
                      dispatch({ type: "toast-gone", id: toast.id });
                      toast.action?.run();
                    }}
                  >
                    ${toast.action.label}
                  </button>`
                : nothing
            }
            <button
              type="button"
              class="toast-close"
              aria-label="Close"
              @click=${() => dispatch({ type: "toast-gone", id: toast.id })}
            >
              ${icon(cross, "small")}
            </button>
          </li>`,
      )}
    </ul>`;
  }
}

export class ConnectionLine extends LiveElement {
  protected override render(): TemplateResult | typeof nothing {
    const words = this.words();
    return words ? html`<p class="line" role="status">${words}</p>` : nothing;
  }

  private words(): string {
    const { state } = session.value;
    if (connection.value === "asleep") {
      return "This session is asleep: nobody was here. It wakes up when you come back.";
    }
    if (state === "ended") return "";
    if (connection.value === "gone") {
      return refusal.value
        ? sentence(refusal.value)
        : "This session is gone, or you may not see it any more.";
    }
    if (connection.value === "reconnecting") {
      return "Reconnecting. The picture catches up by itself.";
    }
    return "";
  }
}

/** Says what changes, politely and not too often. */
export class Announcer extends LiveElement {
  private said: Scene | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private text = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch(() => {
      const now = scene.value;
      if (!this.said || this.said.pods.size + now.pods.size === 0) this.said = now;
      else this.timer ??= setTimeout(() => this.say(), ANNOUNCE_MS);
    });
  }

  private say(): void {
    this.timer = undefined;
    const now = scene.peek();
    const words = this.said ? announcement(this.said, now) : "";
    this.said = now;
    if (!words) return;
    this.text = words;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    return html`<p class="hidden-text" aria-live="polite">${this.text}</p>`;
  }
}

customElements.define("py-notices", Notices);
customElements.define("py-line", ConnectionLine);
customElements.define("py-announcer", Announcer);
