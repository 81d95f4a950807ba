/**
 * Which pods a filter means. The text is words that must all match: plain words look into names,
 * `key=value`, `key!=value` and `key` with a "/" or "!" are label requirements.
 */
import type { ScenePod } from "../protocol/frames";
import type { Filter } from "./state";

export type PodTest = (pod: ScenePod) => boolean;

export function isFiltering(filter: Filter): boolean {
  return filter.namespace !== "" || filter.state !== "" || filter.text.trim() !== "";
}

/** The filter as a test on pods. */
export function podTest(filter: Filter): PodTest {
  const tests: PodTest[] = [];
  if (filter.namespace) tests.push((pod) => pod.namespace === filter.namespace);
  if (filter.state === "trouble") {
    tests.push((pod) => pod.state === "failing" || pod.state === "failed" || !!pod.waiting);
  } else if (filter.state) {
    tests.push((pod) => pod.state === filter.state);
  }
  for (const word of filter.text.trim().split(/[\s,]+/)) {
    if (word) tests.push(wordTest(word));
  }
  return (pod) => tests.every((test) => test(pod));
}

function wordTest(word: string): PodTest {
  const parts = /^([^=!]+)(!=|==?)(.*)$/.exec(word);
  if (parts) {
    const [, key = "", operator, value] = parts;
    const wants = operator !== "!=";
    return (pod) => (pod.labels?.[key] === value) === wants;
  }
  if (word.startsWith("!")) return (pod) => !(word.slice(1) in (pod.labels ?? {}));
  const text = word.toLowerCase();
  return (pod) =>
    pod.name.toLowerCase().includes(text) ||
    pod.namespace.toLowerCase() === text ||
    (pod.owner?.name.toLowerCase().includes(text) ?? false) ||
    pod.node?.toLowerCase() === text ||
    word in (pod.labels ?? {});
}
