/** The waiting lane: pods without a node, grouped by what stands in their way. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Model, WaitingGroup } from "../../graph/model";
import { workloadOf } from "../../kinds/hue";
import type { ScenePod } from "../../protocol/frames";
import type { PodTest } from "../../state/matching";
import { dispatch } from "../../state/store";
import { waitingFor } from "../../words";
import { tile } from "./tile";

export interface LaneLook {
  model: Model;
  selectedPod: string;
  test: PodTest | null;
  /** The queue is shown once it lasts; a pod that is placed at once does not make the page jump. */
  showQueue: boolean;
}

const TILES_SHOWN_MAX = 12;

export function lane(look: LaneLook): TemplateResult {
  const groups = look.model.waiting;
  const isShown = groups.some((group) => !group.isQueue || look.showQueue);
  return html`<section
    class="lane ${isShown ? "" : groups.length ? "hidden-text" : "absent"}"
    aria-label="Waiting pods"
    data-testid="waiting"
  >
    ${repeat(
      groups,
      (group) => group.reason,
      (group) => groupTemplate(group, look),
    )}
  </section>`;
}

function groupTemplate(group: WaitingGroup, look: LaneLook): TemplateResult {
  const shown = group.pods.slice(0, TILES_SHOWN_MAX);
  const first = group.pods[0] as ScenePod;
  return html`<div class="lane-group ${group.isQueue && !look.showQueue ? "hidden-text" : ""}">
    <ul class="lane-tiles" style="--tile:34px;--tile-gap:6px" aria-label=${group.reason}>
      ${repeat(
        shown,
        (pod) => pod.key,
        (pod) =>
          html`<li class="slot">
            ${tile(pod, {
              hue: look.model.hues.get(workloadOf(pod)) ?? 0,
              size: 34,
              isSelected: look.selectedPod === pod.key,
              isDim: look.test !== null && !look.test(pod),
              isLinked: false,
              isFaded: false,
            })}
          </li>`,
      )}
      ${
        group.pods.length > shown.length
          ? html`<li class="slot more">+${group.pods.length - shown.length}</li>`
          : nothing
      }
    </ul>
    <p class="lane-words">
      ${sentence(group)}
      ${
        group.isQueue
          ? nothing
          : html`<button type="button" class="link" @click=${() => ask(first)}>
              What would make ${group.pods.length > 1 ? "them" : "it"} fit?
            </button>`
      }
    </p>
  </div>`;
}

function sentence(group: WaitingGroup): TemplateResult {
  const [first] = group.pods;
  return group.pods.length === 1
    ? html`<span
        ><b>${first?.name}</b> is
        ${group.isQueue || !first?.waiting ? "" : "waiting: "}${
          first?.waiting ? waitingFor(first) : group.reason
        }.</span
      >`
    : html`<span
        ><b>${group.pods.length} pods</b>${group.isQueue ? " are " : ": "}${group.reason}.</span
      >`;
}

function ask(pod: ScenePod): void {
  dispatch({ type: "select", selection: { kind: "pod", key: pod.key }, tab: "why" });
}
