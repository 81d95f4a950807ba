/** What is said of the end of a session, and what can be done about it. Pure. */
import type { Session, SessionEnd } from "../protocol/frames";
import { instant, span } from "../words";

export type EndingTone = "warned" | "overtime" | "expired" | "ended";

export interface Ending {
  tone: EndingTone;
  title: string;
  text: string;
  mayExtend: boolean;
  mayTake: boolean;
}

/** What stands above the picture; null while the end is far. */
export function endingOf(session: Session, now: number): Ending | null {
  const mayOwn = session.share ?? session.role === "owner";
  const mayExtend = mayOwn && (session.extendable_minutes ?? 0) > 0 && session.state !== "ended";
  const mayTake = session.role !== "viewer" && session.state !== "ended";
  const end = session.ended ?? null;
  const reason = end?.reason || "Its time was up";
  switch (session.state) {
    case "warned":
      return {
        tone: "warned",
        title: `This session ends in ${left(session.expires_at, now)}.`,
        text: mayExtend ? "Extend it, or take what you need." : "Take with you what you need.",
        mayExtend,
        mayTake,
      };
    case "overtime":
      return {
        tone: "overtime",
        title: "Its time is over.",
        text: `It stays open for ${left(session.overtime_until, now)}, so that you can finish.`,
        mayExtend,
        mayTake,
      };
    case "expired":
      return {
        tone: "expired",
        title: `${reason}.`,
        text: `Nothing changes any more. You can look${
          mayTake ? ", export it and fork it" : ""
        } for ${left(end?.kept_until, now)}.`,
        mayExtend,
        mayTake,
      };
    case "ended":
      return { tone: "ended", title: `${reason}.`, text: whenText(end), mayExtend, mayTake };
  }
  return null;
}

/** "It ended on 24 November at 14:32." in the reader's own time. */
export function whenText(end: SessionEnd | null): string {
  const at = instant(end?.ended_at ?? null);
  if (at === null) return "Its cluster is gone.";
  const words = new Intl.DateTimeFormat("en", { day: "numeric", month: "long" }).format(at);
  const time = new Intl.DateTimeFormat("en", {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(at);
  return `It ended on ${words} at ${time}. Its cluster is gone.`;
}

function left(until: string | number | null | undefined, now: number): string {
  const at = instant(until ?? null);
  if (at === null) return "a while";
  const seconds = Math.max(0, at - now) / 1000;
  return seconds >= 90 ? span(Math.round(seconds / 60) * 60_000) : span(seconds * 1000);
}
