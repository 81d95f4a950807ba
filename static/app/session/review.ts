/** Whether writes wait for review here, and what of mine waits; asked now and then while looked at. */
import { computed, signal } from "@preact/signals-core";
import { call, RequestError } from "../api/playground";
import {
  getSwitch,
  listSubmissions,
  putSwitch,
  type ReviewSwitch,
  type Summary,
} from "../review/api";
import { say, you } from "../state/store";
import { attempt, sessionId } from "./context";

const ASK_MS = 15_000;
const TAKEN_MS = 800;
const MINE_SHOWN = 8;

/** Null until it is known, and where nobody may know. */
export const review = signal<ReviewSwitch | null>(null);
/** My newest submissions in this session. */
export const mine = signal<readonly Summary[]>([]);

/** Whether what I change waits for somebody else. */
export const isHeld = computed(() => {
  const found = review.value;
  if (!found?.on) return false;
  return !found.reviewers.some((one) => one.id === you.value?.id);
});

export function followReview(): void {
  void askReview();
  setInterval(() => document.visibilityState === "visible" && void askReview(), ASK_MS);
}

export async function askReview(): Promise<void> {
  try {
    review.value = await getSwitch(sessionId());
    if (!review.value.on && !mine.peek().length) return;
    const page = await listSubmissions({ session: sessionId(), submitter: "me" });
    mine.value = page.submissions.slice(0, MINE_SHOWN);
  } catch (problem) {
    if (!(problem instanceof RequestError)) throw problem;
  }
}

/** Once the site has taken note of what was just submitted. */
export function askReviewSoon(): void {
  setTimeout(() => void askReview(), TAKEN_MS);
}

export async function switchReview(on: boolean): Promise<void> {
  const found = await attempt(() => putSwitch(sessionId(), on));
  if (!found) return;
  review.value = found;
  say(
    on
      ? "Review is on: what others change here waits for you."
      : "Review is off: changes are applied at once.",
  );
}

/** The review desk's list, of this session. */
export function deskAddress(whose: "" | "submitted" = ""): string {
  const query = new URLSearchParams({ session: sessionId(), stage: "all" });
  if (whose) query.set("whose", whose);
  return `/review/?${query.toString()}`;
}

export interface Advice {
  rule: string;
  title: string;
  severity: "error" | "warning" | "info";
  line: number;
  column: number;
  message: string;
  fix: string;
  category: string;
}

/** What a reviewer would be told about a text. */
export async function askAdvice(text: string): Promise<readonly Advice[]> {
  const { findings } = await call<{ findings: Advice[] }>("POST", "/findings", { text });
  return findings;
}
