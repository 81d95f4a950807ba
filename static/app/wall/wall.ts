/** The wall: bar, tools, every student, and the details of one. */
import { html, nothing, type TemplateResult } from "lit";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import "./grid";
import "./side";
import { connection, isTable, note, order, room, shown } from "./state";
import "./table";
import "./wall-bar";
import "./wall-dialogs";

export class WallPage extends LiveElement {
  protected override render(): TemplateResult {
    return html`<div class="wall-page ${shown.value ? "has-side" : ""} ${room.value?.state ?? ""}">
      <py-wall-bar></py-wall-bar>
      ${lineTemplate()}
      <main class="wall-main">
        <py-wall-tools></py-wall-tools>
        ${order.value.length ? nothing : emptyTemplate()}
        ${isTable.value ? html`<py-wall-table></py-wall-table>` : html`<py-wall-grid></py-wall-grid>`}
      </main>
      <py-student-side></py-student-side>
      <py-wall-dialogs></py-wall-dialogs>
      <div class="wall-note" aria-live="polite">${noteTemplate()}</div>
    </div>`;
  }
}

function lineTemplate(): TemplateResult | typeof nothing {
  const words: Partial<Record<typeof connection.value, string>> = {
    reconnecting: "Reconnecting. The wall catches up by itself.",
    gone: "This classroom is gone, or you may not see it any more.",
  };
  const said = words[connection.value];
  return said ? html`<p class="line" role="status">${said}</p>` : nothing;
}

function emptyTemplate(): TemplateResult | typeof nothing {
  const found = room.value;
  if (!found) return nothing;
  return html`<p class="wall-empty">
    Nobody is here yet. Students join at
    <b>${found.join_url.replace(/^https?:\/\//, "")}</b> with the code <b>${found.code}</b>.
  </p>`;
}

function noteTemplate(): TemplateResult | typeof nothing {
  if (!note.value) return nothing;
  return html`<p class="toast ${note.value.isBad ? "bad" : ""}">
    <span>${note.value.text}</span>
    <button
      type="button"
      class="toast-close"
      aria-label="Close"
      @click=${() => (note.value = null)}
    >
      ${icon(cross, "small")}
    </button>
  </p>`;
}

customElements.define("py-wall", WallPage);
