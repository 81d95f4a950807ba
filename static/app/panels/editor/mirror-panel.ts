/** In the editor's place while one follows somebody: what their editor shows. */
import { computed } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "../../elements/live";
import { leaderOf } from "../../state/people";
import { following, mirror, people } from "../../state/store";
import { face, faceStyle } from "../people/face";
import type { MirrorView } from "./mirror";

/** The leader, once their editor has something to show. */
export const shownLeader = computed(() =>
  mirror.value?.text !== undefined ? leaderOf(people.value, following.value) : null,
);

export class MirrorPanel extends LiveElement {
  private view: MirrorView | null = null;
  private isLoading = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch(() => void (mirror.value && this.show()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.view?.close();
    this.view = null;
    this.isLoading = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    const leader = shownLeader.value;
    if (!leader) return nothing;
    return html`<p class="mirror-head">
        ${face(leader)}<span class="mirror-file">${mirror.value?.file ?? ""}</span>
        <span class="mirror-note"
          >${mirror.value?.cut ? "the beginning of a long text" : "theirs, to look at"}</span
        >
      </p>
      <div class="mirror-host" style=${faceStyle(leader)} data-testid="mirror"></div>`;
  }

  protected override updated(): void {
    if (this.view || this.isLoading) return;
    this.isLoading = true;
    void this.load();
  }

  private async load(): Promise<void> {
    const { createMirror } = await import("./mirror");
    const host = this.querySelector<HTMLElement>(".mirror-host");
    if (!host || !this.isConnected) return;
    this.view = createMirror(host);
    this.show();
  }

  private show(): void {
    const now = mirror.peek();
    if (now) this.view?.show(now, shownLeader.peek()?.name ?? "");
  }
}

customElements.define("py-mirror", MirrorPanel);
