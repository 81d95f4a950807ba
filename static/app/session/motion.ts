/** Whether things may move. */
const QUERY = matchMedia("(prefers-reduced-motion: reduce)");

export function mayMove(): boolean {
  return !QUERY.matches;
}
