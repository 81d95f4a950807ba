/** What one may do to objects, through the cluster's API, with a way back where there is one. */
import { asWritten } from "../api/cluster";
import { FACES } from "../kinds/registry";
import type { Ref } from "../state/state";
import { dispatch, peek, say } from "../state/store";
import { plural } from "../words";
import { attempt, cluster } from "./context";

export function select(ref: Ref | null): void {
  dispatch({ type: "select", selection: ref });
}

/** Deletes an object and offers to put it back. */
export async function removeObject(ref: Ref): Promise<void> {
  const face = FACES[ref.kind];
  const path = face.path(ref.key);
  const { name } = face.parts(ref.key);
  await attempt(async () => {
    const object = await cluster().get(path);
    await cluster().remove(path);
    const owner = ownerOf(object.metadata["ownerReferences"]);
    say(owner ? `${name} is deleted; ${owner} will replace it.` : `${name} is deleted.`, {
      ...(owner ? {} : { action: { label: "Put back", run: () => void putBack(path, object) } }),
    });
  });
}

async function putBack(path: string, object: Parameters<typeof asWritten>[0]): Promise<void> {
  const collection = path.slice(0, path.lastIndexOf("/"));
  const fresh = asWritten(object);
  if (fresh.kind === "Pod" && fresh.spec) {
    const { nodeName: _node, ...spec } = fresh.spec;
    fresh.spec = spec;
  }
  await attempt(() => cluster().create(collection, fresh));
}

function ownerOf(references: unknown): string {
  const first = (
    references as { kind?: string; name?: string; controller?: boolean }[] | undefined
  )?.find((reference) => reference.controller);
  return first ? `${first.kind} ${first.name}` : "";
}

/** Asks for a pod's eviction, which respects disruption budgets. */
export async function evictPod(key: string): Promise<void> {
  if (await evict(key)) say(`${FACES.pod.parts(key).name} is evicted.`);
}

async function evict(key: string): Promise<boolean> {
  const { namespace, name } = FACES.pod.parts(key);
  const done = await attempt(async () => {
    await cluster().create(`${FACES.pod.path(key)}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
    });
    return true;
  });
  return done ?? false;
}

/** Cordons a node, or opens it again. */
export async function toggleCordon(name: string): Promise<void> {
  const isCordoned = peek().scene.nodes.get(name)?.cordoned ?? false;
  await attempt(() =>
    cluster().mergePatch(FACES.node.path(name), {
      spec: { unschedulable: isCordoned ? null : true },
    }),
  );
}

/** Evicts every pod of a node that a DaemonSet does not own, after cordoning it. */
export async function drainNode(name: string): Promise<void> {
  const { scene } = peek();
  if (!scene.nodes.get(name)?.cordoned) await toggleCordon(name);
  const pods = (scene.placement.get(name) ?? []).filter((pod) => pod.owner?.kind !== "DaemonSet");
  let evicted = 0;
  for (const pod of pods) if (await evict(pod.key)) evicted += 1;
  say(`${name} is cordoned, ${plural(evicted, "pod")} evicted.`);
}

export async function scaleWorkload(key: string, replicas: number): Promise<void> {
  const path = FACES.workload.path(key);
  await attempt(() => cluster().mergePatch(`${path}/scale`, { spec: { replicas } }));
}

/** Restarts a workload's pods one after the other, as `kubectl rollout restart` does. */
export async function restartWorkload(key: string, at: string): Promise<void> {
  const annotations = { "kubectl.kubernetes.io/restartedAt": at };
  await attempt(() =>
    cluster().mergePatch(FACES.workload.path(key), {
      spec: { template: { metadata: { annotations } } },
    }),
  );
}
