/** A node in words and facts, with its pods. */
import { html, nothing, type TemplateResult } from "lit";
import type { KubeObject } from "../../api/cluster";
import { STATES } from "../../kinds/states";
import type { Amount, SceneNode, ScenePod } from "../../protocol/frames";
import { bytes, cpu, instant, span, zoneWord } from "../../words";
import { conditions, facts, labels, refLink, section } from "./facts";

export function nodeSummary(
  node: SceneNode,
  pods: readonly ScenePod[],
  object: KubeObject | null,
  now: number,
): TemplateResult {
  const created = instant(node.created);
  const info = object?.status?.["nodeInfo"] as Record<string, string> | undefined;
  return html`
    ${amountBar("cpu", node.cpu, cpu)} ${amountBar("memory", node.memory, bytes)}
    ${facts([
      ["Zone", node.zone ? zoneWord(node.zone) : ""],
      ["Roles", (node.roles ?? []).join(", ")],
      ["Age", created === null ? "" : span(now - created)],
      ["Pods", node.pods?.allocatable ? `${pods.length} of ${node.pods.allocatable}` : pods.length],
      ["Address", addressOf(object)],
      ["Kubelet", info?.["kubeletVersion"]],
    ])}
    ${
      node.taints?.length
        ? section(
            "Taints",
            html`<ul class="labels">
              ${node.taints.map((taint) => html`<li class="label">${taint}</li>`)}
            </ul>`,
          )
        : nothing
    }
    ${section("Pods", podList(pods))}
    ${
      object
        ? section(
            "Conditions",
            conditions(
              object.status?.["conditions"],
              (one) => (one.type === "Ready") === (one.status === "True"),
            ),
          )
        : nothing
    }
    ${section("Labels", labels(object?.metadata.labels))}
  `;
}

function amountBar(
  name: string,
  amount: Partial<Amount> | undefined,
  show: (value: number) => string,
): TemplateResult {
  const all = amount?.allocatable ?? 0;
  const share = (value: number | undefined) =>
    all > 0 ? `${Math.min(100, ((value ?? 0) / all) * 100).toFixed(1)}%` : "0%";
  return html`<div class="amount">
    <span class="amount-name">${name}</span>
    <span
      class="meter-track"
      style="--requested:${share(amount?.requested)};--used:${share(amount?.used)}"
    ></span>
    <p class="amount-words">
      ${show(amount?.requested ?? 0)} of ${show(all)} asked
      for${amount?.used !== undefined ? `, ${show(amount.used)} used` : ""}
    </p>
  </div>`;
}

function addressOf(object: KubeObject | null): string {
  const list = (object?.status?.["addresses"] ?? []) as { type: string; address: string }[];
  return list.find((one) => one.type === "InternalIP")?.address ?? "";
}

export function podList(pods: readonly ScenePod[]): TemplateResult {
  if (pods.length === 0) return html`<p class="inspector-note">None.</p>`;
  return html`<ul class="pod-list">
    ${pods.map(
      (pod) =>
        html`<li>
          ${refLink({ kind: "pod", key: pod.key }, pod.name)}
          <span class="tone-${STATES[pod.state].tone}">${STATES[pod.state].word}</span>
        </li>`,
    )}
  </ul>`;
}
