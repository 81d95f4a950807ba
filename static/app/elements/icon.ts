/** Icons of one set, drawn as text into the page; never read aloud. */
import { html, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";

export function icon(svg: string, size: "" | "small" = ""): TemplateResult {
  return html`<span class="icon ${size}" aria-hidden="true">${unsafeHTML(svg)}</span>`;
}
