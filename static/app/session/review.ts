/** Whether writes wait for review here, and what of mine waits. */
import { computed, effect, signal } from "@preact/signals-core";
import { call, RequestError } from "../api/playground";
import {
  getSwitch,
  listSubmissions,
  putSwitch,
  type ReviewSwitch,
  type Summary,
} from "../review/api";
import { connection, hasExpired, reviewNews, say, you } from "../state/store";
import { attempt, sessionId } from "./context";

/** Several news at once are asked about once. */
const BURST_MS = 150;
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

/** Asks at first, when the site says that there is news, and after the connection was away. */
export function followReview(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const isLive = connection.value === "live";
    if (reviewNews.value < 0 || !isLive) return;
    clearTimeout(timer);
    timer = setTimeout(() => void askReview(), BURST_MS);
  });
}

async function askReview(): Promise<void> {
  if (hasExpired.peek()) return;
  try {
    review.value = await getSwitch(sessionId());
    if (!review.value.on && !mine.peek().length) return;
    const page = await listSubmissions({ session: sessionId(), submitter: "me" });
    mine.value = page.submissions.slice(0, MINE_SHOWN);
  } catch (problem) {
    if (!(problem instanceof RequestError)) throw problem;
  }
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
