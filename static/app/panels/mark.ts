/** The mark: a yard with four places, one taken. */
import { html, type TemplateResult } from "lit";

export function mark(): TemplateResult {
  return html`<svg class="mark-image" viewBox="0 0 20 20" fill="none" aria-hidden="true">
    <rect x="2" y="2" width="16" height="16" rx="4" />
    <rect class="taken" x="5.5" y="5.5" width="4" height="4" rx="1" />
    <rect x="10.8" y="5.5" width="4" height="4" rx="1" />
    <rect x="5.5" y="10.8" width="4" height="4" rx="1" />
  </svg>`;
}
