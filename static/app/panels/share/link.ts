/** One link in the share dialog: for whom, how long, who came by it, and its end. */
import { html, nothing, type TemplateResult } from "lit";
import copyIcon from "lucide-static/icons/copy.svg?raw";
import qrIcon from "lucide-static/icons/qr-code.svg?raw";
import type { Link, Member } from "../../api/sharing";
import { icon } from "../../elements/icon";
import { copyText } from "../../session/sharing";
import { plural } from "../../words";
import { face } from "../people/face";

export interface LinkShown {
  link: Link;
  came: readonly Member[];
  /** Where the QR code is; empty: it is not shown. */
  qrUrl: string;
  isLeaving: boolean;
  onQr: () => void;
  onRevoke: () => void;
  onAnswer: (people: "stay" | "leave" | null) => void;
}

const FACES_SHOWN = 6;

export function linkTemplate(shown: LinkShown): TemplateResult {
  const { link, came } = shown;
  const name = link.label || `Link for ${link.role === "fork" ? "copies" : `${link.role}s`}`;
  return html`<li class="link-item ${link.state}" data-role=${link.role}>
    <div class="link-head">
      <span class="link-role">${link.role === "fork" ? "copies" : link.role}</span>
      <span class="link-name">${link.label || stateWords(link, Date.now())}</span>
      ${
        link.state === "good"
          ? html`<button
              type="button"
              class="button quiet"
              aria-label="Revoke ${name}"
              @click=${shown.onRevoke}
            >
              Revoke
            </button>`
          : came.length
            ? html`<button
                type="button"
                class="button quiet"
                aria-label="Send out those who came by ${name}"
                @click=${shown.onRevoke}
              >
                Send out
              </button>`
            : nothing
      }
    </div>
    ${link.state === "good" ? lineTemplate(shown, name) : nothing}
    ${
      shown.qrUrl
        ? html`<img class="link-qr" src=${shown.qrUrl} alt="QR code of ${name}" width="184" />`
        : nothing
    }
    <p class="link-note">
      ${came.slice(0, FACES_SHOWN).map((person) => face(person, true))}
      <span>${noteWords(link, came, Date.now())}</span>
    </p>
    ${shown.isLeaving ? leavingTemplate(shown) : nothing}
  </li>`;
}

function lineTemplate({ link, qrUrl, onQr }: LinkShown, name: string): TemplateResult {
  return html`<div class="share-line">
    <input
      class="share-url"
      readonly
      aria-label=${name}
      .value=${link.url}
      @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
    />
    <button type="button" class="button" @click=${() => void copyText(link.url, "Link")}>
      ${icon(copyIcon, "small")}Copy
    </button>
    <button
      type="button"
      class="button square"
      aria-label="QR code"
      aria-pressed=${qrUrl ? "true" : "false"}
      title="QR code"
      @click=${onQr}
    >
      ${icon(qrIcon, "small")}
    </button>
  </div>`;
}

function leavingTemplate({ link, came, onAnswer }: LinkShown): TemplateResult {
  const many = came.length !== 1;
  return html`<div class="link-leaving" role="group" aria-label="Revoke this link">
    <p>${namesOf(came)} came by this link. ${many ? "Do they" : "Does this person"} leave too?</p>
    <div class="share-acts">
      ${
        link.state === "good"
          ? html`<button type="button" class="button" @click=${() => onAnswer("stay")}>
              ${many ? "They stay" : "Stays"}
            </button>`
          : nothing
      }
      <button type="button" class="button danger" @click=${() => onAnswer("leave")}>
        ${many ? "They leave too" : "Leaves too"}
      </button>
      <button type="button" class="button quiet" @click=${() => onAnswer(null)}>Cancel</button>
    </div>
  </div>`;
}

function namesOf(came: readonly Member[]): string {
  const [first, second] = came;
  if (came.length > 2) return `${first?.name} and ${came.length - 1} others`;
  return second ? `${first?.name} and ${second.name}` : (first?.name ?? "Nobody");
}

/** "good as long as the session", "expires in 58 minutes", "revoked". */
export function stateWords(link: Link, now: number): string {
  if (link.state === "revoked") return "revoked";
  if (link.state === "expired") return "expired";
  if (link.state === "used-up") return "used up";
  if (!link.expires_at) return "good as long as the session";
  const minutes = Math.max(1, Math.round((Date.parse(link.expires_at) - now) / 60_000));
  if (minutes < 100) return `expires in ${plural(minutes, "minute")}`;
  return `expires in ${plural(Math.round(minutes / 60), "hour")}`;
}

function noteWords(link: Link, came: readonly Member[], now: number): string {
  const parts = [
    link.label ? stateWords(link, now) : "",
    link.role === "fork" ? copyWords(link.uses) : cameWords(came),
    link.uses_max && link.state === "good"
      ? `lets in ${plural(link.uses_max - link.uses, "more person", "more people")}`
      : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function cameWords(came: readonly Member[]): string {
  if (came.length === 0) return "nobody came by it yet";
  return came.length === 1 ? `${came[0]?.name} came by it` : `${came.length} came by it`;
}

function copyWords(uses: number): string {
  return uses ? `${plural(uses, "copy", "copies")} made` : "no copy made yet";
}
