/** A pod as a tile: hue from its workload, state by shape and mark. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { SYSTEM_HUE } from "../../kinds/hue";
import { readyShare, STATES, type Mark } from "../../kinds/states";
import type { ScenePod } from "../../protocol/frames";
import { podLabel } from "../../words";
import { initials } from "./initials";

export interface TileLook {
  hue: number;
  size: number;
  isSelected: boolean;
  isDim: boolean;
  isLinked: boolean;
  /** Others are linked to what is pointed at; this one is not. */
  isFaded: boolean;
}

const LABEL_SIZE_MIN = 24;

export function tile(pod: ScenePod, look: TileLook): TemplateResult {
  const { mark, tone } = STATES[pod.state];
  const hasLabel = look.size >= LABEL_SIZE_MIN;
  const classes = [
    "tile hued",
    `mark-${mark}`,
    `tone-${tone}`,
    look.hue === SYSTEM_HUE ? "system" : "",
    hasLabel ? "" : "tiny",
    look.isSelected ? "selected" : "",
    look.isDim ? "dim" : "",
    look.isLinked ? "linked" : "",
    look.isFaded ? "faded" : "",
  ].join(" ");
  return html`<button
    type="button"
    class=${classes}
    style="--hue:${look.hue}"
    data-testid="pod"
    data-walk
    data-key=${pod.key}
    data-namespace=${pod.namespace}
    data-name=${pod.name}
    data-phase=${pod.phase}
    data-state=${pod.state}
    data-node=${pod.node ?? ""}
    tabindex="-1"
    aria-label=${podLabel(pod)}
    aria-pressed=${look.isSelected ? "true" : "false"}
  >
    ${hasLabel || pod.state !== "running" ? ring(pod, mark) : nothing}
    ${hasLabel ? html`<span class="tile-name" aria-hidden="true">${initials(pod)}</span>` : nothing}
    ${markTemplate(mark)}
    ${
      pod.restarts && hasLabel
        ? html`<b class="tile-restarts" aria-hidden="true">${restartCount(pod.restarts)}</b>`
        : nothing
    }
  </button>`;
}

function restartCount(restarts: number): string {
  return restarts > 99 ? "99+" : String(restarts);
}

function ring(pod: ScenePod, mark: Mark): TemplateResult | typeof nothing {
  if (mark !== "ring") return nothing;
  const share = Math.round(readyShare(pod) * 100);
  return html`<svg class="tile-ring" viewBox="0 0 40 40" aria-hidden="true">
    ${share < 100 ? svg`<rect class="track" x="1" y="1" width="38" height="38" rx="9" />` : nothing}
    ${
      share > 0
        ? svg`<rect class="fill" x="1" y="1" width="38" height="38" rx="9" pathLength="100"
          stroke-dasharray=${share >= 100 ? nothing : `${share} 100`} />`
        : nothing
    }
  </svg>`;
}

const MARK_PATHS: Partial<Record<Mark, string>> = {
  cross: "M5 5 11 11M11 5 5 11",
  tick: "M4.2 8.4 6.8 11 11.8 5.4",
  pull: "M8 4v7M4.8 8 8 11.2 11.2 8",
};

function markTemplate(mark: Mark): TemplateResult | typeof nothing {
  const path = MARK_PATHS[mark];
  if (!path) return nothing;
  return html`<svg class="tile-mark" viewBox="0 0 16 16" aria-hidden="true">
    <path d=${path} />
  </svg>`;
}
