/** The two times that tick: the cluster's clock and the time the session has left. */
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "../elements/live";
import { seat } from "../session/classroom";
import { clusterNow } from "../session/clock";
import { clock, hasExpired, session } from "../state/store";
import { clockTime, instant, span } from "../words";

const TICK_MS = 1000;
const FAST_TICK_MS = 100;

abstract class Ticking extends LiveElement {
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected abstract pace(): number;

  protected override updated(): void {
    clearTimeout(this.timer);
    const pace = this.pace();
    if (pace > 0) this.timer = setTimeout(() => this.requestUpdate(), pace);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }
}

class ClockFace extends Ticking {
  protected pace(): number {
    const { paused, speed } = clock.peek();
    if (paused || speed === "max") return 0;
    return speed > 1 ? FAST_TICK_MS : TICK_MS / 2;
  }

  protected override render(): TemplateResult {
    const now = clusterNow(clock.value, performance.now());
    const text = now ? clockTime(now) : "--:--:--";
    return html`<time
      class="clock-face"
      title="The cluster's own time (UTC), ${new Date(now).toISOString().slice(0, 10)}"
      >${text}</time
    >`;
  }
}

class Countdown extends Ticking {
  protected pace(): number {
    return TICK_MS;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { expires_at: expires, overtime_until: overtime, state } = session.value;
    const end = instant((state === "overtime" ? overtime : expires) ?? null);
    if (hasExpired.value) return html`<span class="countdown">ended</span>`;
    if (end === null) return nothing;
    const frozen = instant(seat.value?.room?.frozen_at || null);
    const left = end - (frozen ?? Date.now());
    const isShort = left < 10 * 60_000;
    return html`<span class="countdown ${isShort ? "short" : ""}"
      >${span(left)}<span class="countdown-word">${frozen ? " left, frozen" : " left"}</span></span
    >`;
  }
}

customElements.define("py-clock-face", ClockFace);
customElements.define("py-countdown", Countdown);
