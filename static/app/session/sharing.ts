/** The session itself: longer, copied, ended. */
import { dispatch, say } from "../state/store";
import { attempt, playground } from "./context";

export async function extendSession(): Promise<void> {
  await attempt(async () => {
    const answer = await playground().extend();
    dispatch({
      type: "frame",
      at: performance.now(),
      frame: { type: "session", expires_at: answer.expires_at },
    });
  });
}

/** Opens a copy of the whole cluster as it is now. */
export async function forkSession(): Promise<void> {
  const fork = await attempt(() => playground().fork());
  if (fork) location.assign(fork.url);
}

export async function endSession(): Promise<void> {
  await attempt(async () => {
    await playground().remove();
    location.assign("/");
  });
}

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied.`);
  } catch {
    say("The browser did not allow copying. Select the text and copy it by hand.", { tone: "bad" });
  }
}
