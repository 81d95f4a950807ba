/** What I have read, kept in this browser. */
const KEY = "podyard-reviews-seen";
const KEPT_MAX = 500;

export function keptSeen(): Record<string, string> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return value && typeof value === "object" ? (value as Record<string, string>) : {};
  } catch {
    return {};
  }
}

export function keepSeen(seen: Readonly<Record<string, string>>): void {
  const entries = Object.entries(seen).slice(-KEPT_MAX);
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)));
}
