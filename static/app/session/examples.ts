/** The examples the playground offers, loaded once, and the one-click run of the first. */
import { signal } from "@preact/signals-core";
import { loadExamples, type Example } from "../api/playground";
import { say } from "../state/store";
import { attempt, playground } from "./context";

export const examples = signal<readonly Example[]>([]);

export async function fetchExamples(): Promise<void> {
  const loaded = await attempt(loadExamples);
  if (loaded) examples.value = loaded;
}

/** Asks the editor to show a text in a tab of its own; the editor listens. */
export const openRequest = signal<{ name: string; text: string; number: number } | null>(null);
let requests = 0;

export function openInEditor(name: string, text: string): void {
  openRequest.value = { name, text, number: ++requests };
}

/** Opens an example in the editor and applies it. */
export async function runExample(example: Example): Promise<void> {
  openInEditor(fileName(example), example.text);
  await attempt(async () => {
    const answer = await playground().manifests(example.text, "apply");
    const failed = answer.results.find((result) => result.outcome === "failed");
    const submitted = answer.results.find((result) => result.outcome === "submitted");
    if (submitted) say("Review is on: the example waits for a reviewer.");
    if (failed) say(failed.message ?? `${failed.kind} ${failed.name} failed.`, { tone: "bad" });
  });
}

export function fileName(example: Example): string {
  return /\.ya?ml$/.test(example.name) ? example.name : `${example.name}.yaml`;
}
