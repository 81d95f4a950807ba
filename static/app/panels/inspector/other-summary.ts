/** Workloads, services and volume claims in words and facts. */
import { html, nothing, type TemplateResult } from "lit";
import type { KubeObject } from "../../api/cluster";
import { workloadOf } from "../../kinds/hue";
import type { ScenePod, SceneService, SceneVolume, SceneWorkload } from "../../protocol/frames";
import type { Scene } from "../../state/scene";
import { restartWorkload, scaleWorkload } from "../../session/objects";
import { instant, span, workloadWords } from "../../words";
import { conditions, facts, labels, section } from "./facts";
import { podList } from "./node-summary";

const SCALABLE = new Set(["Deployment", "StatefulSet", "ReplicaSet"]);
const RESTARTABLE = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

export function workloadSummary(
  workload: SceneWorkload,
  object: KubeObject | null,
  scene: Scene,
  now: number,
  mayWrite: boolean,
): TemplateResult {
  const pods = podsWhere(scene, (pod) => workloadOf(pod) === workload.key);
  const strategy = object?.spec?.["strategy"] as { type?: string } | undefined;
  return html`
    ${mayWrite ? workloadActs(workload, now) : nothing}
    ${facts([
      ["Pods", workloadWords(workload)],
      ["Age", age(object, now)],
      ["Strategy", strategy?.type],
    ])}
    ${section("Pods", podList(pods))}
    ${
      object
        ? section(
            "Conditions",
            conditions(
              object.status?.["conditions"],
              (one) => one.type.includes("Fail") !== (one.status === "True"),
            ),
          )
        : nothing
    }
    ${section("Labels", labels(object?.metadata.labels))}
  `;
}

function workloadActs(workload: SceneWorkload, now: number): TemplateResult | typeof nothing {
  const desired = workload.desired ?? 0;
  const canScale = SCALABLE.has(workload.kind);
  const canRestart = RESTARTABLE.has(workload.kind);
  if (!canScale && !canRestart) return nothing;
  return html`<div class="acts">
    ${
      canScale
        ? html`<div class="stepper" role="group" aria-label="Replicas">
            <button
              type="button"
              class="stepper-step"
              aria-label="One replica fewer"
              ?disabled=${desired === 0}
              @click=${() => void scaleWorkload(workload.key, desired - 1)}
            >
              −
            </button>
            <output>${desired}</output>
            <button
              type="button"
              class="stepper-step"
              aria-label="One replica more"
              @click=${() => void scaleWorkload(workload.key, desired + 1)}
            >
              +
            </button>
          </div>`
        : nothing
    }
    ${
      canRestart
        ? html`<button
            type="button"
            class="button"
            @click=${() => void restartWorkload(workload.key, new Date(now).toISOString())}
          >
            Restart
          </button>`
        : nothing
    }
  </div>`;
}

export function serviceSummary(
  service: SceneService,
  object: KubeObject | null,
  scene: Scene,
  now: number,
): TemplateResult {
  const pods = (service.pods ?? [])
    .map((key) => scene.pods.get(key))
    .filter((pod) => pod !== undefined);
  const selector = object?.spec?.["selector"] as Record<string, string> | undefined;
  return html`
    ${facts([
      ["Type", service.type],
      ["Address", service.clusterIP === "None" ? "headless" : service.clusterIP],
      ["Ports", service.ports?.map(portWords).join(", ")],
      ["Age", age(object, now)],
    ])}
    ${section("Selector", labels(selector))} ${section("Pods behind it", podList(pods))}
  `;
}

function portWords(port: NonNullable<SceneService["ports"]>[number]): string {
  if (typeof port !== "object") return String(port);
  const target =
    "targetPort" in port && port.targetPort !== port.port ? ` to ${port.targetPort}` : "";
  const outside = port.nodePort ? `, on nodes ${port.nodePort}` : "";
  return `${port.port}${target}${outside}${port.name ? ` (${port.name})` : ""}`;
}

export function volumeSummary(
  volume: SceneVolume,
  object: KubeObject | null,
  scene: Scene,
  now: number,
): TemplateResult {
  const users = podsWhere(scene, (pod) => pod.volumes?.includes(volume.key) ?? false);
  const modes = object?.spec?.["accessModes"] as string[] | undefined;
  return html`
    ${facts([
      ["Phase", volume.phase],
      ["Volume", volume.volume],
      ["Size", volume.storage],
      ["Access", modes?.join(", ")],
      ["Class", object?.spec?.["storageClassName"]],
      ["Age", age(object, now)],
    ])}
    ${section("Pods that use it", podList(users))}
  `;
}

function podsWhere(scene: Scene, test: (pod: ScenePod) => boolean): ScenePod[] {
  return [...scene.pods.values()].filter(test);
}

function age(object: KubeObject | null, now: number): string {
  const created = instant(object?.metadata.creationTimestamp);
  return created === null ? "" : span(now - created);
}
