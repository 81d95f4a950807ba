/** Who was behind the timeline's entries: names for the filter, words for a line. Pure. */
import type { TimelineEntry } from "../../protocol/frames";
import type { Author } from "../../protocol/people";

/** Stands for what no person did. */
export const CLUSTER = "-cluster";

const SOURCES: Record<string, string> = {
  editor: "in the page",
  console: "on the console",
  kubectl: "with kubectl",
  api: "through the API",
  lesson: "in the lesson",
  teacher: "as teacher",
  review: "after a review",
};

/** What a person used: "with kubectl v1.37.2", "in the page". */
export function sourceWords({ source, agent }: Author): string {
  if (agent && (source === "kubectl" || source === "api")) return `with ${agent}`;
  return SOURCES[source] ?? source;
}

/** Everybody who did something, each once, by the name they had last; in the order they began. */
export function authors(entries: readonly TimelineEntry[]): Author[] {
  const found = new Map<string, Author>();
  for (const { person } of entries) if (person) found.set(person.id, person);
  return [...found.values()];
}

/** The entries of one person, or of the cluster itself; empty: all. */
export function entriesOf(entries: readonly TimelineEntry[], who: string): readonly TimelineEntry[] {
  if (!who) return entries;
  return entries.filter(({ person }) => (who === CLUSTER ? !person : person?.id === who));
}
