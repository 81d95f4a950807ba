/** The control plane: its four parts, each with a soft glow while it acts. */
import { html, type TemplateResult } from "lit";
import { mayMove } from "../../session/motion";
import type { Components } from "../../protocol/frames";
import { plural } from "../../words";

interface Part {
  name: string;
  label: string;
  meaning: string;
}

const PARTS: readonly Part[] = [
  { name: "apiserver", label: "api server", meaning: "Takes every request and checks it." },
  { name: "etcd", label: "etcd", meaning: "Keeps every object." },
  { name: "scheduler", label: "scheduler", meaning: "Chooses a node for each new pod." },
  {
    name: "controllers",
    label: "controllers",
    meaning: "Make what is there into what is asked for.",
  },
];

export function controlPlane(components: Components, queued: number): TemplateResult {
  return html`<ul class="plane" aria-label="Control plane">
    ${PARTS.map(
      (part, index) =>
        html`<li
          class="part"
          data-part=${part.name}
          data-acts=${components[part.name] ?? 0}
          title="${part.meaning} ${plural(components[part.name] ?? 0, "act")} so far."
        >
          ${index === 0 ? "" : html`<span class="part-link" aria-hidden="true">→</span>`}
          <span class="part-glow" aria-hidden="true"></span
          ><span class="part-light" aria-hidden="true"></span>${part.label}
          ${
            part.name === "scheduler" && queued
              ? html`<span class="part-count">${queued} queued</span>`
              : ""
          }
        </li>`,
    )}
  </ul>`;
}

const GLOW_MS = 600;
const glowing = new WeakSet<Element>();

/** Lets the parts glow whose counters grew since the last time. */
export function glow(root: Element | null, before: Components, after: Components): void {
  for (const part of PARTS) {
    if ((after[part.name] ?? 0) <= (before[part.name] ?? 0)) continue;
    const element = root?.querySelector<HTMLElement>(`[data-part="${part.name}"] .part-glow`);
    if (!element || glowing.has(element)) continue;
    glowing.add(element);
    const animation = element.animate(
      [{ opacity: 1 }, { opacity: 1, offset: 0.4 }, { opacity: 0 }],
      {
        duration: GLOW_MS,
        easing: mayMove() ? "ease-out" : "steps(1)",
      },
    );
    animation.onfinish = animation.oncancel = () => glowing.delete(element);
  }
}
