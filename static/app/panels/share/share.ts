/** The share dialog: make a link for a role, see who came by which, take links back; kubectl. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import copyIcon from "lucide-static/icons/copy.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import renewIcon from "lucide-static/icons/refresh-cw.svg?raw";
import type { Link, Member, SharedRole } from "../../api/sharing";
import { icon } from "../../elements/icon";
import { LiveElement } from "../../elements/live";
import { attempt, playground, serverAddress, sharing } from "../../session/context";
import { renewKey } from "../../session/people";
import { copyText } from "../../session/sharing";
import { crowd, say, session } from "../../state/store";
import { plural } from "../../words";
import { linkTemplate } from "./link";

const ROLES: readonly [role: SharedRole, who: string, what: string][] = [
  ["viewer", "Viewers", "see everything but Secrets, and change nothing."],
  ["editor", "Editors", "work in the cluster with you."],
  ["teacher", "Teachers", "do what editors do, and decide about links and people."],
  [
    "fork",
    "Copies",
    "are each person's own: a session that begins as this one is then, Secrets and all.",
  ],
];

const SPANS: readonly [minutes: number, words: string][] = [
  [0, "until it is over"],
  [15, "for 15 minutes"],
  [60, "for an hour"],
  [1440, "for a day"],
];

const PLACES: readonly [uses: number, words: string][] = [
  [0, "anybody"],
  [1, "one person"],
  [5, "5 people"],
  [30, "30 people"],
];

export class SharePanel extends LiveElement {
  private readonly links = signal<readonly Link[]>([]);
  private readonly members = signal<readonly Member[]>([]);
  private readonly chosen = signal<SharedRole>("viewer");
  private readonly isBusy = signal(false);
  /** The link whose QR code is shown, and the one that is about to be revoked. */
  private readonly shown = signal(0);
  private readonly leaving = signal(0);

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch(() => {
      void crowd.value;
      if (session.value.share) void this.fetch();
    });
  }

  private async fetch(): Promise<void> {
    await attempt(async () => {
      this.links.value = await sharing().links();
      this.members.value = await sharing().members();
    });
  }

  protected override render(): TemplateResult {
    return html`<div class="share">
      ${
        session.value.share
          ? html`${this.form()} ${this.list()}`
          : html`<p>
              Only the owner and teachers hand out links. You may still copy the address below.
            </p>`
      }
      ${this.kubectl()}
    </div>`;
  }

  private form(): TemplateResult {
    const [, who, what] = ROLES.find(([role]) => role === this.chosen.value) ?? ROLES[0]!;
    return html`<form class="share-part share-form" @submit=${this.make}>
      <h3>A new link</h3>
      <div class="segment share-roles" role="radiogroup" aria-label="For whom">
        ${ROLES.map(([role, words]) => this.roleChoice(role, words))}
      </div>
      <p>${who} ${what}</p>
      <div class="share-choices">
        <label
          ><span>Lets in</span>
          <select name="uses">
            ${PLACES.map(([uses, words]) => html`<option value=${uses}>${words}</option>`)}
          </select></label
        >
        <label
          ><span>Good</span>
          <select name="minutes">
            ${SPANS.map(([minutes, words]) => html`<option value=${minutes}>${words}</option>`)}
          </select></label
        >
        <label class="share-label"
          ><span>Note</span>
          <input name="label" maxlength="60" autocomplete="off" placeholder="for whom, optional" />
        </label>
      </div>
      <button type="submit" class="button primary" ?disabled=${this.isBusy.value}>
        Make a link for ${who.toLowerCase()}
      </button>
    </form>`;
  }

  private roleChoice(role: SharedRole, words: string): TemplateResult {
    const isOn = this.chosen.value === role;
    return html`<button
      type="button"
      class="segment-item"
      role="radio"
      aria-checked=${isOn ? "true" : "false"}
      tabindex=${isOn ? "0" : "-1"}
      data-role=${role}
      @click=${() => (this.chosen.value = role)}
      @keydown=${(event: KeyboardEvent) => this.walkRoles(event)}
    >
      ${words}
    </button>`;
  }

  private walkRoles(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = ROLES.findIndex(([role]) => role === this.chosen.peek());
    const [next] = ROLES[(at + step + ROLES.length) % ROLES.length]!;
    this.chosen.value = next;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(`[data-role="${next}"]`)?.focus(),
    );
  }

  private readonly make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const [minutes, uses] = [Number(data.get("minutes")), Number(data.get("uses"))];
    const label = String(data.get("label") ?? "").trim();
    this.isBusy.value = true;
    const made = await attempt(() =>
      sharing().makeLink({
        role: this.chosen.peek(),
        ...(minutes ? { minutes } : {}),
        ...(uses ? { uses } : {}),
        ...(label ? { label } : {}),
      }),
    );
    this.isBusy.value = false;
    if (!made) return;
    form.reset();
    this.links.value = [made, ...this.links.peek()];
    void copyText(made.url, "Link");
  };

  private list(): TemplateResult | typeof nothing {
    const shown = this.links.value.filter((link) => link.state === "good" || link.people.length);
    if (shown.length === 0) return nothing;
    return html`<section class="share-part">
      <h3>Links</h3>
      <ul class="link-list" aria-label="Links">
        ${repeat(
          shown,
          (link) => link.id,
          (link) =>
            linkTemplate({
              link,
              came: this.members.value.filter((one) => link.people.includes(one.id)),
              qrUrl: this.shown.value === link.id ? sharing().qrUrl(link.id) : "",
              isLeaving: this.leaving.value === link.id,
              onQr: () => (this.shown.value = this.shown.peek() === link.id ? 0 : link.id),
              onRevoke: () => this.askRevoke(link),
              onAnswer: (answer) => void this.revoke(link, answer),
            }),
        )}
      </ul>
    </section>`;
  }

  /** With nobody to ask about, a link is revoked at once. */
  private askRevoke(link: Link): void {
    if (link.people.length) this.leaving.value = link.id;
    else void this.revoke(link, "stay");
  }

  private async revoke(link: Link, people: "stay" | "leave" | null): Promise<void> {
    this.leaving.value = 0;
    if (!people) return;
    const answer = await attempt(() => sharing().revokeLink(link.id, people));
    if (!answer) return;
    const left = answer.left ? ` ${plural(answer.left, "person", "people")} left with it.` : "";
    say(`The link is revoked.${left}`);
    await this.fetch();
  }

  private kubectl(): TemplateResult {
    const address = serverAddress();
    return html`<section class="share-part">
      <h3>With kubectl</h3>
      <p>
        Any Kubernetes client works against this cluster. This address is yours alone: what is done
        with it is shown as done by you.
      </p>
      <div class="share-line">
        <code class="share-url">${address}</code>
        <button type="button" class="button" @click=${() => void copyText(address, "Address")}>
          ${icon(copyIcon, "small")}Copy
        </button>
      </div>
      <div class="share-acts">
        <a
          class="button"
          href=${playground().kubeconfigUrl()}
          download="${session.value.name}.kubeconfig"
        >
          ${icon(download, "small")}Download kubeconfig
        </a>
        <button
          type="button"
          class="button quiet"
          title="The old address and kubeconfigs with it stop working"
          @click=${() => void renewKey()}
        >
          ${icon(renewIcon, "small")}New address
        </button>
      </div>
    </section>`;
  }
}

customElements.define("py-share", SharePanel);
