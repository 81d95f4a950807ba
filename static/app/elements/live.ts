/**
 * The base of the page's elements: rendered into the page itself (no shadow root, so that the
 * style sheets and the accessibility tree stay whole) and rendered again when a signal it read
 * while rendering changes.
 */
import { effect } from "@preact/signals-core";
import { LitElement } from "lit";

export abstract class LiveElement extends LitElement {
  private stopWatching: (() => void) | undefined;
  private effects: (() => void)[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override performUpdate(): void {
    if (!this.isUpdatePending) return;
    this.stopWatching?.();
    let isFirst = true;
    this.stopWatching = effect(() => {
      if (isFirst) {
        isFirst = false;
        super.performUpdate();
      } else {
        this.requestUpdate();
      }
    });
  }

  /** Runs `run` now and whenever a signal it reads changes, until the element leaves the page. */
  protected watch(run: () => void): void {
    this.effects.push(effect(run));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopWatching?.();
    this.stopWatching = undefined;
    for (const stop of this.effects.splice(0)) stop();
  }
}
