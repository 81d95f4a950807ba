/** The inspector: what is chosen, in words first, then as much detail as one asks for. */
import { html, nothing, type TemplateResult } from "lit";
import ellipsis from "lucide-static/icons/ellipsis.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import terminalIcon from "lucide-static/icons/square-terminal.svg?raw";
import type { KubeObject } from "../../api/cluster";
import { icon } from "../../elements/icon";
import { LiveElement } from "../../elements/live";
import { under } from "../../elements/menu";
import { FACES } from "../../kinds/registry";
import { STATES } from "../../kinds/states";
import { clusterNow } from "../../session/clock";
import { cluster } from "../../session/context";
import { select } from "../../session/objects";
import { openTerminal } from "../../session/terminals";
import { parseRef } from "../../state/address";
import type { InspectorTab, Ref } from "../../state/state";
import {
  clock,
  dispatch,
  hasScene,
  inspectorTab,
  mayWrite,
  scene,
  selection,
} from "../../state/store";
import { nodeSentence, plural, podSentence, workloadWords } from "../../words";
import { canEnter, openRefMenu } from "../picture/pod-menu";
import { Loader } from "./loading";
import "./logs";
import { nodeSummary } from "./node-summary";
import "./object-events";
import "./object-yaml";
import { serviceSummary, volumeSummary, workloadSummary } from "./other-summary";
import { podSummary } from "./pod-summary";
import "./why";

const TAB_WORDS: Record<InspectorTab, string> = {
  summary: "Summary",
  why: "Why here",
  events: "Events",
  logs: "Logs",
  yaml: "YAML",
};

export class Inspector extends LiveElement {
  private readonly loader = new Loader<KubeObject>((key, stop) => {
    const ref = parseRef(key);
    if (!ref) throw new Error(`no object ${key}`);
    return cluster().get(FACES[ref.kind].path(ref.key), stop);
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.loader.close();
  }

  protected override render(): TemplateResult | typeof nothing {
    const ref = selection.value;
    if (!ref) return nothing;
    const face = FACES[ref.kind];
    const { namespace, name } = face.parts(ref.key);
    const tab = face.tabs.includes(inspectorTab.value) ? inspectorTab.value : "summary";
    const isThere = this.entry(ref) !== undefined;
    return html`<section class="inspector" aria-label="Details of ${name}" data-testid="inspector">
      <div class="inspector-head">
        <p class="crumb">
          ${[namespace, face.kind(ref.key).toLowerCase()].filter(Boolean).join(" / ")}
        </p>
        <div class="inspector-title">
          <h2>${icon(face.icon)}<span>${name}</span></h2>
          ${isThere ? this.headActs(ref) : nothing}
          <button
            type="button"
            class="button quiet square"
            aria-label="Close the details"
            @click=${() => select(null)}
          >
            ${icon(cross)}
          </button>
        </div>
        ${
          isThere
            ? html`<p class="inspector-say">${this.sentence(ref)}.</p>`
            : hasScene.value
              ? html`<p class="inspector-say">${name} is gone.</p>`
              : nothing
        }
      </div>
      ${isThere ? this.tabs(ref, tab) : nothing}
      ${
        isThere
          ? html`<div
              class="inspector-body"
              id="inspector-panel"
              role="tabpanel"
              aria-label=${TAB_WORDS[tab]}
            >
              ${this.body(ref, tab)}
            </div>`
          : nothing
      }
    </section>`;
  }

  private headActs(ref: Ref): TemplateResult {
    return html`${
        ref.kind === "pod" && mayWrite.value
          ? html`<button
              type="button"
              class="button"
              ?disabled=${!canEnter(ref.key)}
              @click=${() => void openTerminal(ref.key)}
            >
              ${icon(terminalIcon, "small")}Terminal
            </button>`
          : nothing
      }
      <button
        type="button"
        class="button quiet square"
        aria-label="Actions"
        aria-haspopup="menu"
        @click=${(event: Event) => openRefMenu(ref, under(event.currentTarget as Element, true))}
      >
        ${icon(ellipsis)}
      </button>`;
  }

  private tabs(ref: Ref, shown: InspectorTab): TemplateResult {
    return html`<div class="tabs" role="tablist" aria-label="Details" @keydown=${this.walk}>
      ${FACES[ref.kind].tabs.map(
        (tab) =>
          html`<button
            type="button"
            class="tab"
            role="tab"
            aria-selected=${tab === shown ? "true" : "false"}
            aria-controls="inspector-panel"
            tabindex=${tab === shown ? "0" : "-1"}
            @click=${() => dispatch({ type: "inspector-tab", tab })}
          >
            ${TAB_WORDS[tab]}
          </button>`,
      )}
    </div>`;
  }

  private body(ref: Ref, tab: InspectorTab): TemplateResult | typeof nothing {
    const text = `${ref.kind}/${ref.key}`;
    switch (tab) {
      case "why":
        return html`<py-why .key=${ref.key}></py-why>`;
      case "logs":
        return html`<py-logs .key=${ref.key}></py-logs>`;
      case "events":
        return html`<py-object-events .ref=${text}></py-object-events>`;
      case "yaml":
        return html`<py-object-yaml .ref=${text}></py-object-yaml>`;
      default:
        return this.summary(ref);
    }
  }

  private summary(ref: Ref): TemplateResult | typeof nothing {
    const now = scene.value;
    this.loader.want(`${ref.kind}/${ref.key}`, this.entry(ref));
    const { key, value } = this.loader.state.value;
    const object = key === `${ref.kind}/${ref.key}` ? value : null;
    const time = clusterNow(clock.value, performance.now());
    switch (ref.kind) {
      case "pod": {
        const pod = now.pods.get(ref.key);
        return pod ? podSummary(pod, object, now, time, mayWrite.value) : nothing;
      }
      case "node": {
        const node = now.nodes.get(ref.key);
        return node ? nodeSummary(node, now.placement.get(ref.key) ?? [], object, time) : nothing;
      }
      case "service": {
        const service = now.services.get(ref.key);
        return service ? serviceSummary(service, object, now, time) : nothing;
      }
      case "volume": {
        const volume = now.volumes.get(ref.key);
        return volume ? volumeSummary(volume, object, now, time) : nothing;
      }
      case "workload": {
        const workload = now.workloads.get(ref.key);
        return workload ? workloadSummary(workload, object, now, time, mayWrite.value) : nothing;
      }
    }
  }

  private entry(ref: Ref): unknown {
    const now = scene.value;
    const maps = {
      pod: now.pods,
      node: now.nodes,
      service: now.services,
      volume: now.volumes,
      workload: now.workloads,
    };
    return maps[ref.kind].get(ref.key);
  }

  private sentence(ref: Ref): TemplateResult | string {
    const now = scene.value;
    if (ref.kind === "pod") {
      const pod = now.pods.get(ref.key);
      if (!pod) return "";
      const state = STATES[pod.state];
      return html`<span class="state-dot tone-${state.tone}" title=${state.meaning}></span
        >${podSentence(pod)}`;
    }
    if (ref.kind === "node") {
      const node = now.nodes.get(ref.key);
      return node ? nodeSentence(node) : "";
    }
    if (ref.kind === "service") {
      const count = now.services.get(ref.key)?.pods?.length ?? 0;
      return count ? `It leads to ${plural(count, "pod")}` : "No pod is behind it";
    }
    if (ref.kind === "volume") {
      const volume = now.volumes.get(ref.key);
      return volume?.phase === "Bound"
        ? `It is bound to ${volume.volume ?? "a volume"}`
        : "It waits for a volume";
    }
    const workload = now.workloads.get(ref.key);
    return workload ? workloadWords(workload) : "";
  }

  private readonly walk = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const tabs = [...this.querySelectorAll<HTMLElement>('[role="tab"]')];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next?.click();
    next?.focus();
  };
}

customElements.define("py-inspector", Inspector);
