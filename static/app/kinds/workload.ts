import icon from "lucide-static/icons/layers.svg?raw";
import { namespaced, objectPath, type Face } from "./face";

const RESOURCES: Record<string, readonly [groupVersion: string, plural: string]> = {
  Deployment: ["apps/v1", "deployments"],
  StatefulSet: ["apps/v1", "statefulsets"],
  DaemonSet: ["apps/v1", "daemonsets"],
  ReplicaSet: ["apps/v1", "replicasets"],
  ReplicationController: ["v1", "replicationcontrollers"],
  Job: ["batch/v1", "jobs"],
  CronJob: ["batch/v1", "cronjobs"],
};

/** A workload's key is `Kind/namespace/name`. */
function taken(key: string): { kind: string; namespace: string; name: string } {
  const slash = key.indexOf("/");
  return { kind: key.slice(0, slash), ...namespaced(key.slice(slash + 1)) };
}

export const WORKLOAD: Face = {
  ref: "workload",
  icon,
  tabs: ["summary", "events", "yaml"],
  kind: (key) => taken(key).kind,
  parts: (key) => taken(key),
  path: (key) => {
    const { kind, namespace, name } = taken(key);
    const [groupVersion, plural] = RESOURCES[kind] ?? ["apps/v1", `${kind.toLowerCase()}s`];
    return objectPath(groupVersion, plural, namespace, name);
  },
};
