/** What belongs together across the picture: services and volumes with their pods. Pure. */
import type { ScenePod } from "../protocol/frames";
import type { Scene } from "../state/scene";
import type { Ref } from "../state/state";
import { workloadOf } from "../kinds/hue";

export interface Link {
  from: Ref;
  pod: string;
}

/** The lines to draw for what is chosen or pointed at. */
export function linksOf(scene: Scene, ref: Ref | null): Link[] {
  if (!ref) return [];
  switch (ref.kind) {
    case "service":
      return (scene.services.get(ref.key)?.pods ?? []).map((pod) => ({ from: ref, pod }));
    case "volume":
      return podsWhere(scene, (pod) => pod.volumes?.includes(ref.key) ?? false, ref);
    case "workload":
      return podsWhere(scene, (pod) => workloadOf(pod) === ref.key, ref);
    case "pod":
      return linksOfPod(scene, ref.key);
    case "node":
      return [];
  }
}

function podsWhere(scene: Scene, test: (pod: ScenePod) => boolean, from: Ref): Link[] {
  const links: Link[] = [];
  for (const pod of scene.pods.values()) if (test(pod)) links.push({ from, pod: pod.key });
  return links;
}

function linksOfPod(scene: Scene, key: string): Link[] {
  const links: Link[] = [];
  for (const service of scene.services.values()) {
    if (service.pods?.includes(key)) {
      links.push({ from: { kind: "service", key: service.key }, pod: key });
    }
  }
  for (const volume of scene.pods.get(key)?.volumes ?? []) {
    links.push({ from: { kind: "volume", key: volume }, pod: key });
  }
  return links;
}
