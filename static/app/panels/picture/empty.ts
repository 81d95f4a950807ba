/** What an empty cluster says, and the first example one click away. */
import { html, nothing, type TemplateResult } from "lit";
import play from "lucide-static/icons/play.svg?raw";
import { icon } from "../../elements/icon";
import { examples, runExample } from "../../session/examples";
import type { Scene } from "../../state/scene";
import { mayWrite } from "../../state/store";

const EXAMPLES_SHOWN = 3;

export function emptyHint(scene: Scene): TemplateResult | typeof nothing {
  if (hasOwnThings(scene) || !mayWrite.value) return nothing;
  const [first, ...rest] = examples.value;
  return html`<div class="empty">
    <p class="empty-words">Nothing runs here yet. Paste YAML, or start with an example.</p>
    <div class="empty-acts">
      ${
        first
          ? html`<button
              type="button"
              class="button primary"
              @click=${() => void runExample(first)}
            >
              ${icon(play, "small")} Run ${first.title}
            </button>`
          : nothing
      }
      ${rest
        .slice(0, EXAMPLES_SHOWN - 1)
        .map(
          (example) =>
            html`<button type="button" class="button" @click=${() => void runExample(example)}>
              ${example.title}
            </button>`,
        )}
    </div>
  </div>`;
}

/** Whether anybody put something here; the cluster's own pods do not count. */
export function hasOwnThings(scene: Scene): boolean {
  for (const pod of scene.pods.values()) if (pod.namespace !== "kube-system") return true;
  for (const one of scene.workloads.values()) if (one.namespace !== "kube-system") return true;
  return false;
}
