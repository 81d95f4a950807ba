/** What is said of a place in line. Pure. */
import { span } from "../words";

/** "12 min"; what nobody knows is said so. */
export function expectedText(seconds: number | null): string {
  if (seconds === null) return "not known";
  return seconds < 60 ? "a minute" : span(seconds * 1000);
}

/** For assistive technology, when one's place has changed. */
export function lineText(waiting: { position: number; ahead: number }): string {
  return waiting.ahead === 0 ? "You are next." : `You are number ${waiting.position} in line.`;
}
