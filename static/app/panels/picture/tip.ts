/** The small note beside what the pointer or the focus is on: name, state in words, why. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { STATES } from "../../kinds/states";
import type { SceneNode, ScenePod } from "../../protocol/frames";
import { bytes, cpu, nodeSentence, plural, podSentence } from "../../words";

export class Tip extends LitElement {
  private content: TemplateResult | null = null;
  private rect: DOMRect | null = null;
  private isWanted = false;
  private frame = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("aria-hidden", "true");
    this.setAttribute("popover", "manual");
  }

  override render(): TemplateResult {
    return html`${this.content ?? nothing}`;
  }

  show(content: TemplateResult, rect: DOMRect): void {
    this.content = content;
    this.rect = rect;
    this.isWanted = true;
    this.settle();
  }

  hide(): void {
    this.isWanted = false;
    this.settle();
  }

  /** In a frame of its own: a popover may not open while another one opens. */
  private settle(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (!this.isConnected) return;
      const isOpen = this.matches(":popover-open");
      if (this.isWanted && !isOpen) this.showPopover();
      else if (!this.isWanted && isOpen) this.hidePopover();
      this.requestUpdate();
    });
  }

  protected override updated(): void {
    const { rect } = this;
    if (!rect || !this.matches(":popover-open")) return;
    const { offsetWidth: width, offsetHeight: height } = this;
    const isBelow = rect.bottom + 8 + height <= innerHeight - 8;
    const left = rect.left + rect.width / 2 - width / 2;
    this.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    this.style.top = `${isBelow ? rect.bottom + 8 : rect.top - 8 - height}px`;
  }
}

customElements.define("py-tip", Tip);

export function podTip(pod: ScenePod): TemplateResult {
  const state = STATES[pod.state];
  const [ready, total] = pod.ready ?? [0, 0];
  return html`<b class="tip-title">${pod.name}</b>
    <p class="tone-${state.tone}">${podSentence(pod)}.</p>
    ${pod.state === "running" ? nothing : html`<p class="tip-meaning">${state.meaning}</p>`}
    <p class="tip-facts">
      ${[
        pod.namespace,
        total ? `${ready} of ${total} ready` : "",
        pod.restarts ? plural(pod.restarts, "restart") : "",
        pod.ip ?? "",
      ]
        .filter(Boolean)
        .join(" · ")}
    </p>`;
}

export function nodeTip(node: SceneNode, podCount: number): TemplateResult {
  return html`<b class="tip-title">${node.name}</b>
    <p>${nodeSentence(node)}.</p>
    <p class="tip-facts">
      ${[
        plural(podCount, "pod"),
        `${cpu(node.cpu?.requested ?? 0)} of ${cpu(node.cpu?.allocatable ?? 0)} cpus`,
        `${bytes(node.memory?.requested ?? 0)} of ${bytes(node.memory?.allocatable ?? 0)}`,
      ].join(" · ")}
    </p>`;
}
