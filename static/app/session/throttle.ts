/** Runs something at once, then at most once in a while, the last time for sure. */
export function throttle(
  pauseMs: number,
  run: () => void,
  later: (run: () => void, delayMs: number) => unknown = setTimeout,
): () => void {
  let isPausing = false;
  let isWanted = false;
  const pauseOver = () => {
    isPausing = false;
    if (!isWanted) return;
    isWanted = false;
    go();
  };
  const go = () => {
    isPausing = true;
    run();
    later(pauseOver, pauseMs);
  };
  return () => {
    if (isPausing) isWanted = true;
    else go();
  };
}
