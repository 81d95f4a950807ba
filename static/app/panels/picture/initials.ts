/** A workload in two letters. Pure. */
import type { ScenePod } from "../../protocol/frames";

/** Two letters of the workload's name: "redis" re, "batch-import" bi. */
export function initials(pod: ScenePod): string {
  const name = pod.owner?.name ?? pod.name;
  const words = name.split(/[-.]/).filter(Boolean);
  const [first = "", second = ""] = words;
  const hasTwo = second !== "" && /^[a-z]/.test(second) && first !== "";
  return hasTwo ? first.slice(0, 1) + second.slice(0, 1) : first.slice(0, 2);
}
