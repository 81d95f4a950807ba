/** The bar on top: which session, how much is in it, its clock, its time left, who is here. */
import { computed } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import ellipsis from "lucide-static/icons/ellipsis.svg?raw";
import pauseIcon from "lucide-static/icons/pause.svg?raw";
import playIcon from "lucide-static/icons/play.svg?raw";
import shareIcon from "lucide-static/icons/share-2.svg?raw";
import stepIcon from "lucide-static/icons/step-forward.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { openMenu, under } from "../elements/menu";
import { SPEEDS, setSpeed, step, togglePause } from "../session/clock";
import { isOff as isDenied } from "../session/classroom";
import { extendSession } from "../session/sharing";
import { clock, dispatch, hasExpired, mayWrite, scene, session } from "../state/store";
import { sessionItems } from "./commands";
import { mark } from "./mark";
import { faces } from "./people/faces";
import "./time";

const counts = computed(() => {
  let waiting = 0;
  let trouble = 0;
  for (const pod of scene.value.pods.values()) {
    if (pod.state === "waiting") waiting += 1;
    if (pod.state === "failing" || pod.state === "failed") trouble += 1;
  }
  return { nodes: scene.value.nodes.size, pods: scene.value.pods.size, waiting, trouble };
});

export class SessionBar extends LiveElement {
  protected override render(): TemplateResult {
    return html`<header class="bar">
      <a class="mark" href="/" aria-label="Podyard, to the start page">${mark()}</a>
      <h1 class="bar-name">${session.value.name}</h1>
      ${countsTemplate()}
      <span class="grow"></span>
      ${clockTemplate()} ${timeLeft()} ${faces()}
      ${isDenied("share") ? nothing : shareButton()}
      <button
        type="button"
        class="button quiet square"
        aria-label="More"
        aria-haspopup="menu"
        @click=${(event: Event) =>
          openMenu("Session", sessionItems(), under(event.currentTarget as Element, true))}
      >
        ${icon(ellipsis)}
      </button>
    </header>`;
  }
}

customElements.define("py-bar", SessionBar);

function shareButton(): TemplateResult {
  return html`<button
    type="button"
    class="button bar-share"
    data-testid="share"
    aria-label="Share"
    @click=${() => dispatch({ type: "dialog", dialog: "share" })}
  >
    ${icon(shareIcon, "small")}<span>Share</span>
  </button>`;
}

function countsTemplate(): TemplateResult {
  const { nodes, pods, waiting, trouble } = counts.value;
  const one = (count: number, noun: string, state: "" | "waiting" | "trouble" = "") =>
    html`<button
      type="button"
      class="count ${state ? `count-${state}` : ""}"
      @click=${() => dispatch({ type: "filter", filter: { state } })}
    >
      <b>${count.toLocaleString("en")}</b> ${noun}
    </button>`;
  return html`<div class="counts" role="group" aria-label="What is in the cluster">
    ${one(nodes, nodes === 1 ? "node" : "nodes")} ${one(pods, pods === 1 ? "pod" : "pods")}
    ${waiting ? one(waiting, "waiting", "waiting") : nothing}
    ${trouble ? one(trouble, "in trouble", "trouble") : nothing}
  </div>`;
}

function clockTemplate(): TemplateResult {
  const { paused, speed } = clock.value;
  const isOff = !mayWrite.value || isDenied("clock");
  return html`<div class="clock" role="group" aria-label="Cluster clock">
    <div class="segment">
      <button
        type="button"
        class="segment-item"
        data-testid="pause"
        aria-pressed=${paused ? "true" : "false"}
        aria-label=${paused ? "Resume" : "Pause"}
        title="${paused ? "Resume" : "Pause"} the cluster (P)"
        ?disabled=${isOff}
        @click=${togglePause}
      >
        ${icon(paused ? playIcon : pauseIcon, "small")}
      </button>
      <span class="segment-group" role="group" aria-label="Speed" data-testid="speed">
        ${SPEEDS.map((one) => {
          const isOn = !paused && speed === one;
          return html`<button
            type="button"
            class="segment-item"
            data-speed=${one}
            aria-pressed=${isOn ? "true" : "false"}
            ?disabled=${isOff}
            @click=${() => setSpeed(one)}
          >
            ${one}×
          </button>`;
        })}
      </span>
      <button
        type="button"
        class="segment-item"
        data-testid="step"
        title="Step to the next thing that happens (S)"
        ?disabled=${isOff}
        @click=${step}
      >
        ${icon(stepIcon, "small")}<span class="step-word">Step</span>
      </button>
    </div>
    <py-clock-face></py-clock-face>
  </div>`;
}

function timeLeft(): TemplateResult | typeof nothing {
  if (!session.value.expires_at) return nothing;
  return html`<div class="left ${hasExpired.value ? "over" : ""}">
    <py-countdown data-testid="countdown"></py-countdown>
    ${
      session.value.extendable_minutes && mayWrite.value && !isDenied("extend")
        ? html`<button
            type="button"
            class="link"
            data-testid="extend"
            aria-label="Extend the session"
            @click=${() => void extendSession()}
          >
            Extend
          </button>`
        : nothing
    }
  </div>`;
}
