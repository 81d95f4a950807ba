/** From Kubernetes' kind, namespace and name to what the picture can choose. */
import type { Ref } from "../state/state";

const WORKLOADS = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
  "Job",
  "CronJob",
]);

/** Null when the picture has no such thing. */
export function refOfObject(kind: string, namespace: string, name: string): Ref | null {
  if (kind === "Pod") return { kind: "pod", key: `${namespace}/${name}` };
  if (kind === "Node") return { kind: "node", key: name };
  if (kind === "Service") return { kind: "service", key: `${namespace}/${name}` };
  if (kind === "PersistentVolumeClaim") return { kind: "volume", key: `${namespace}/${name}` };
  if (WORKLOADS.has(kind)) return { kind: "workload", key: `${kind}/${namespace}/${name}` };
  return null;
}
