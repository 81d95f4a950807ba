/**
 * Gathers pieces of text that come faster than they should be sent: the first goes at once, what
 * follows within the pause goes together at its end. Nothing is lost, and the order is kept.
 */

export interface GatherOptions {
  pauseMs: number;
  send: (text: string) => void;
  later?: (run: () => void, delayMs: number) => unknown;
}

export function gather(options: GatherOptions): (text: string) => void {
  let waiting = "";
  let isPausing = false;
  const later = options.later ?? setTimeout;
  const pauseOver = () => {
    isPausing = false;
    if (waiting) flush();
  };
  const flush = () => {
    const text = waiting;
    waiting = "";
    isPausing = true;
    options.send(text);
    later(pauseOver, options.pauseMs);
  };
  return (text) => {
    waiting += text;
    if (!isPausing) flush();
  };
}
