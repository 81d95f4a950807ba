/**
 * The scene: what the cluster shows, kept as maps that are replaced and never changed in place.
 * `applyDelta(sceneOf(a), d)` equals `sceneOf(a with d)`, which the fixtures in
 * tests/fixtures/scene check here and in the engine's projection alike.
 */
import {
  COLLECTIONS,
  type CollectionName,
  type Components,
  type DeltaFrame,
  type SceneItems,
  type SceneNode,
  type ScenePod,
  type SceneRecords,
  type SceneService,
  type SceneVolume,
  type SceneWorkload,
} from "../protocol/frames";

export interface Scene {
  readonly revision: number;
  readonly nodes: ReadonlyMap<string, SceneNode>;
  readonly pods: ReadonlyMap<string, ScenePod>;
  readonly services: ReadonlyMap<string, SceneService>;
  readonly volumes: ReadonlyMap<string, SceneVolume>;
  readonly workloads: ReadonlyMap<string, SceneWorkload>;
  readonly components: Components;
  /** Pods by node name, oldest first; pods without a node are under "". */
  readonly placement: ReadonlyMap<string, readonly ScenePod[]>;
}

export const EMPTY_SCENE: Scene = {
  revision: 0,
  nodes: new Map(),
  pods: new Map(),
  services: new Map(),
  volumes: new Map(),
  workloads: new Map(),
  components: {},
  placement: new Map(),
};

/** The scene of a full frame. */
export function sceneOf(
  frame: SceneRecords & { revision?: number; components?: Components },
): Scene {
  const pods = new Map(Object.entries(frame.pods ?? {}));
  return {
    revision: frame.revision ?? 0,
    nodes: new Map(Object.entries(frame.nodes ?? {})),
    pods,
    services: new Map(Object.entries(frame.services ?? {})),
    volumes: new Map(Object.entries(frame.volumes ?? {})),
    workloads: new Map(Object.entries(frame.workloads ?? {})),
    components: frame.components ?? {},
    placement: placePods(pods.values()),
  };
}

/** The scene after a delta; shares every collection that the delta does not touch. */
export function applyDelta(scene: Scene, delta: DeltaFrame): Scene {
  const changed: { -readonly [K in keyof Scene]?: Scene[K] } = {};
  for (const name of COLLECTIONS) {
    const next = changedCollection(scene, delta, name);
    if (next) changed[name] = next as never;
  }
  if (changed.pods) changed.placement = placedAgain(scene, changed.pods, delta);
  return {
    ...scene,
    ...changed,
    revision: delta.revision ?? scene.revision,
    components: delta.components ? { ...scene.components, ...delta.components } : scene.components,
  };
}

function changedCollection<C extends CollectionName>(
  scene: Scene,
  delta: DeltaFrame,
  name: C,
): ReadonlyMap<string, SceneItems[C]> | null {
  const set = delta.set?.[name] as Record<string, SceneItems[C]> | undefined;
  const removed = delta.remove?.[name];
  if (!set && !removed?.length) return null;
  const next = new Map(scene[name] as unknown as ReadonlyMap<string, SceneItems[C]>);
  for (const key of removed ?? []) next.delete(key);
  for (const key in set) next.set(key, set[key] as SceneItems[C]);
  return next;
}

function placePods(pods: Iterable<ScenePod>): Map<string, ScenePod[]> {
  const placement = new Map<string, ScenePod[]>();
  for (const pod of pods) {
    const place = pod.node ?? "";
    const here = placement.get(place);
    if (here) here.push(pod);
    else placement.set(place, [pod]);
  }
  for (const here of placement.values()) here.sort(byAge);
  return placement;
}

/** The placement with only the touched nodes' lists built anew. */
function placedAgain(
  scene: Scene,
  pods: ReadonlyMap<string, ScenePod>,
  delta: DeltaFrame,
): ReadonlyMap<string, readonly ScenePod[]> {
  const keys = [...Object.keys(delta.set?.pods ?? {}), ...(delta.remove?.pods ?? [])];
  const touched = new Map<string, { gone: Set<string>; come: ScenePod[] }>();
  const at = (place: string) => {
    let entry = touched.get(place);
    if (!entry) touched.set(place, (entry = { gone: new Set(), come: [] }));
    return entry;
  };
  for (const key of new Set(keys)) {
    const before = scene.pods.get(key);
    const after = pods.get(key);
    if (before) at(before.node ?? "").gone.add(key);
    if (after) at(after.node ?? "").come.push(after);
  }
  const placement = new Map(scene.placement);
  for (const [place, { gone, come }] of touched) {
    const stay = (placement.get(place) ?? []).filter((pod) => !gone.has(pod.key));
    const here = [...stay, ...come].sort(byAge);
    if (here.length) placement.set(place, here);
    else placement.delete(place);
  }
  return placement;
}

function byAge(a: ScenePod, b: ScenePod): number {
  const first = a.created ?? "";
  const second = b.created ?? "";
  if (first !== second) return first < second ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
