/** Below the nodes: workloads (the key to the tiles' colours), services and volumes as chips. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { SYSTEM_HUE, type Hues } from "../../kinds/hue";
import type { SceneService, SceneWorkload } from "../../protocol/frames";
import type { Scene } from "../../state/scene";
import type { Filter, Ref } from "../../state/state";
import { workloadWords } from "../../words";

export interface ShelfLook {
  scene: Scene;
  hues: Hues;
  filter: Filter;
  selection: Ref | null;
  isTight: boolean;
}

const CHIPS_MAX = 40;
const SYSTEM = "kube-system";

export function shelf(look: ShelfLook): TemplateResult | typeof nothing {
  const rows = [
    row("Workloads", workloadChips(look)),
    row("Services", serviceChips(look)),
    row("Volumes", volumeChips(look)),
  ].filter((one) => one !== nothing);
  if (rows.length === 0) return nothing;
  return html`<div class="shelf ${look.isTight ? "tight" : ""}">${rows}</div>`;
}

function row(label: string, chips: TemplateResult[]): TemplateResult | typeof nothing {
  if (chips.length === 0) return nothing;
  return html`<div class="shelf-row">
    <h2 class="shelf-label">${label}</h2>
    <ul class="shelf-chips" aria-label=${label}>
      ${chips.slice(0, CHIPS_MAX)}
      ${
        chips.length > CHIPS_MAX
          ? html`<li class="shelf-more">and ${chips.length - CHIPS_MAX} more</li>`
          : nothing
      }
    </ul>
  </div>`;
}

/** What belongs to the cluster itself is shown only when its namespace is asked for. */
function isShown(look: ShelfLook, item: { namespace: string; name: string }): boolean {
  if (look.filter.namespace) return item.namespace === look.filter.namespace;
  if (item.namespace === "default" && item.name === "kubernetes") return false;
  return item.namespace !== SYSTEM;
}

function workloadChips(look: ShelfLook): TemplateResult[] {
  const shown = [...look.scene.workloads.values()].filter((one) => isShown(look, one)).sort(byName);
  return [
    ...repeatable(shown, (one) => {
      const hue = look.hues.get(one.key) ?? 0;
      return chip(look, { kind: "workload", key: one.key }, workloadInner(one), {
        hue,
        label: `${one.kind} ${one.name}, ${workloadWords(one)}`,
      });
    }),
  ];
}

function workloadInner(workload: SceneWorkload): TemplateResult {
  const ready = workload.ready ?? 0;
  const desired = workload.desired ?? 0;
  return html`<span class="swatch" aria-hidden="true"></span>${workload.name}
    <span class="chip-note ${ready < desired ? "short" : ""}">${ready}/${desired}</span>`;
}

function serviceChips(look: ShelfLook): TemplateResult[] {
  const shown = [...look.scene.services.values()].filter((one) => isShown(look, one)).sort(byName);
  return repeatable(shown, (one) =>
    chip(
      look,
      { kind: "service", key: one.key },
      html`<span class="dot service" aria-hidden="true"></span>${one.name}
        <span class="chip-note">${serviceAddress(one)}</span>`,
      { label: `Service ${one.name}, ${one.pods?.length ?? 0} pods behind it` },
    ),
  );
}

/** 10.96.12.4:80, or "headless". */
export function serviceAddress(service: SceneService): string {
  const port = service.ports?.[0];
  const number = typeof port === "object" ? port.port : port;
  if (!service.clusterIP || service.clusterIP === "None") {
    return service.type === "ExternalName" ? "external" : "headless";
  }
  return number === undefined ? service.clusterIP : `${service.clusterIP}:${number}`;
}

function volumeChips(look: ShelfLook): TemplateResult[] {
  const shown = [...look.scene.volumes.values()].filter((one) => isShown(look, one)).sort(byName);
  return repeatable(shown, (one) =>
    chip(
      look,
      { kind: "volume", key: one.key },
      html`<span class="dot volume" aria-hidden="true"></span>${one.name}
        <span class="chip-note ${one.phase === "Bound" ? "" : "short"}">
          ${[one.phase?.toLowerCase(), one.storage].filter(Boolean).join(" · ")}
        </span>`,
      { label: `Volume claim ${one.name}, ${one.phase ?? "Pending"}` },
    ),
  );
}

function repeatable<T extends { key: string }>(
  items: readonly T[],
  template: (item: T) => TemplateResult,
): TemplateResult[] {
  return items.length
    ? [html`${repeat(items.slice(0, CHIPS_MAX), (item) => item.key, template)}`]
    : [];
}

function chip(
  look: ShelfLook,
  ref: Ref,
  inner: TemplateResult,
  options: { hue?: number; label: string },
): TemplateResult {
  const isSelected = look.selection?.kind === ref.kind && look.selection.key === ref.key;
  const hued = options.hue === undefined ? "" : "hued";
  const system = options.hue === SYSTEM_HUE ? "system" : "";
  return html`<li>
    <button
      type="button"
      class="chip ${hued} ${system} ${isSelected ? "selected" : ""}"
      style=${options.hue === undefined ? nothing : `--hue:${options.hue}`}
      data-ref="${ref.kind}/${ref.key}"
      aria-label=${options.label}
      aria-pressed=${isSelected ? "true" : "false"}
    >
      ${inner}
    </button>
  </li>`;
}

function byName(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}
