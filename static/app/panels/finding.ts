/** Finds what one types among many titles: all letters in order, the closer the better. Pure. */

export interface Findable {
  title: string;
}

/** How well a text answers a query, lower is better; null when it does not. */
export function match(text: string, query: string): number | null {
  const haystack = text.toLowerCase();
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const whole = haystack.indexOf(word);
    const cost = whole >= 0 ? startCost(haystack, whole) : scattered(haystack, word);
    if (cost === null) return null;
    total += cost;
  }
  return total + text.length / 1000;
}

function startCost(text: string, at: number): number {
  if (at === 0) return 0;
  return /[\s/._-]/.test(text[at - 1] ?? "") ? 1 : 3;
}

function scattered(text: string, word: string): number | null {
  let at = -1;
  let gaps = 0;
  for (const letter of word) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return null;
    if (at >= 0) gaps += next - at - 1;
    at = next;
  }
  return gaps > word.length * 2 ? null : 6 + gaps;
}

/** The items that answer a query, best first, at most so many; with no query, as they come. */
export function find<T extends Findable>(items: Iterable<T>, query: string, max: number): T[] {
  const found: { item: T; cost: number }[] = [];
  for (const item of items) {
    const cost = query.trim() === "" ? 0 : match(item.title, query);
    if (cost !== null) found.push({ item, cost });
  }
  return found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, max)
    .map(({ item }) => item);
}
