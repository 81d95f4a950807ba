/** A pod in words and facts. */
import { html, nothing, type TemplateResult } from "lit";
import type { KubeObject } from "../../api/cluster";
import { refOfObject } from "../../kinds/objects";
import { STATES } from "../../kinds/states";
import type { ScenePod } from "../../protocol/frames";
import type { Scene } from "../../state/scene";
import { openTerminal } from "../../session/terminals";
import { bytes, cpu, fitAdvice, instant, span } from "../../words";
import { conditions, facts, labels, refLink, section, type Fact } from "./facts";

interface ContainerStatus {
  name: string;
  ready?: boolean;
  restartCount?: number;
  state?: Record<
    string,
    { reason?: string; message?: string; exitCode?: number; startedAt?: string }
  >;
}

interface Container {
  name: string;
  image?: string;
}

export function podSummary(
  pod: ScenePod,
  object: KubeObject | null,
  scene: Scene,
  now: number,
  mayEnter: boolean,
): TemplateResult {
  return html`
    ${fitPart(pod, scene)} ${facts(podFacts(pod, object, scene, now))}
    ${object ? section("Containers", containers(object, now, mayEnter, pod.key)) : nothing}
    ${section("Labels", labels(pod.labels))} ${object ? conditionPart(pod, object) : nothing}
  `;
}

function fitPart(pod: ScenePod, scene: Scene): TemplateResult | typeof nothing {
  const advice = pod.waiting ? fitAdvice(pod, scene.nodes.values()) : [];
  if (advice.length === 0) return nothing;
  const lines = html`<ul class="plain-list">
    ${advice.map((line) => html`<li>${line}</li>`)}
  </ul>`;
  return section("What would make it fit", lines);
}

function conditionPart(pod: ScenePod, object: KubeObject): TemplateResult | typeof nothing {
  const isDone = STATES[pod.state].tone === "done";
  const list = conditions(object.status?.["conditions"], (one) => one.status === "True" || isDone);
  return section("Conditions", list);
}

function podFacts(pod: ScenePod, object: KubeObject | null, scene: Scene, now: number): Fact[] {
  const created = instant(pod.created);
  const [ready, total] = pod.ready ?? [0, 0];
  const services = [...scene.services.values()].filter((one) => one.pods?.includes(pod.key));
  const claims = pod.volumes ?? [];
  return [
    ["Node", pod.node ? nodeLink(pod.node) : "none yet"],
    ["Nominated", pod.nominated ? nodeLink(pod.nominated) : ""],
    ["Owner", ownerLink(pod)],
    ["Ready", total ? `${ready} of ${total}` : ""],
    ["Restarts", pod.restarts ?? ""],
    ["Age", created === null ? "" : span(now - created)],
    ["Address", pod.ip],
    ["Asks for", requests(pod)],
    ["Quality", object?.status?.["qosClass"]],
    ["Service", many(services.map((one) => refLink({ kind: "service", key: one.key }, one.name)))],
    ["Volume", many(claims.map((key) => refLink({ kind: "volume", key }, shortName(key))))],
  ];
}

function nodeLink(name: string): TemplateResult {
  return refLink({ kind: "node", key: name }, name);
}

function ownerLink(pod: ScenePod): TemplateResult | string {
  const { owner } = pod;
  if (!owner) return "";
  const ref = refOfObject(owner.kind, pod.namespace, owner.name);
  return refLink(ref, `${owner.kind} ${owner.name}`);
}

function many(links: TemplateResult[]): TemplateResult[] | string {
  return links.length ? links : "";
}

function shortName(key: string): string {
  return key.split("/").at(-1) ?? key;
}

function requests(pod: ScenePod): string {
  return [pod.cpu ? `${cpu(pod.cpu)} cpus` : "", pod.memory ? bytes(pod.memory) : ""]
    .filter(Boolean)
    .join(", ");
}

function containers(
  object: KubeObject,
  now: number,
  mayEnter: boolean,
  key: string,
): TemplateResult {
  const list = (object.spec?.["containers"] ?? []) as Container[];
  const before = (object.spec?.["initContainers"] ?? []) as Container[];
  const statuses = [
    ...((object.status?.["initContainerStatuses"] ?? []) as ContainerStatus[]),
    ...((object.status?.["containerStatuses"] ?? []) as ContainerStatus[]),
  ];
  return html`<ul class="containers">
    ${[...before, ...list].map((one) => {
      const status = statuses.find((each) => each.name === one.name);
      const isRunning = status?.state?.["running"] !== undefined;
      return html`<li class="container">
        <span
          class="container-light ${status?.ready ? "good" : isRunning ? "half" : ""}"
          aria-hidden="true"
        ></span>
        <div>
          <b>${one.name}</b> <span class="container-image">${one.image}</span>
          <p>${containerWords(status, now)}</p>
        </div>
        ${
          mayEnter && isRunning
            ? html`<button
                type="button"
                class="link"
                aria-label="Open a terminal in ${one.name}"
                @click=${() => void openTerminal(key, one.name)}
              >
                Terminal
              </button>`
            : nothing
        }
      </li>`;
    })}
  </ul>`;
}

/** "running for 3 min, restarted twice" */
export function containerWords(status: ContainerStatus | undefined, now: number): string {
  const [word, detail] = Object.entries(status?.state ?? {})[0] ?? ["waiting", {}];
  const parts: string[] = [];
  if (word === "running") {
    const since = instant(detail.startedAt);
    parts.push(since === null ? "running" : `running for ${span(now - since)}`);
  } else if (word === "terminated") {
    parts.push(
      `ended with exit code ${detail.exitCode ?? 0}${detail.reason ? ` (${detail.reason})` : ""}`,
    );
  } else {
    parts.push(detail.reason ? `waiting: ${detail.reason}` : "waiting to start");
    if (detail.message) parts.push(detail.message);
  }
  const restarts = status?.restartCount ?? 0;
  if (restarts) parts.push(restarts === 1 ? "restarted once" : `restarted ${restarts} times`);
  return parts.join(", ");
}
