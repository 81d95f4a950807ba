/** "Did you mean": the nearest of the names that would be right. Pure. */

const NEAR = 0.45;

/** The nearest name, or null when none is near. */
export function nearest(word: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  let bestCost = Infinity;
  const given = word.toLowerCase();
  for (const name of names) {
    const wanted = name.toLowerCase();
    const cost = wanted === given ? 0 : distance(given, wanted);
    if (cost < bestCost) [best, bestCost] = [name, cost];
  }
  const limit = Math.max(1, Math.floor(word.length * NEAR));
  return bestCost <= limit ? best : null;
}

/** Edits from one word to another, a swap of neighbours counting once. */
export function distance(from: string, to: string): number {
  const rows = from.length + 1;
  const columns = to.length + 1;
  const table = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  const at = (row: number, column: number) => table[row]?.[column] ?? 0;
  for (let row = 1; row < rows; row += 1) {
    for (let column = 1; column < columns; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      let cost = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      if (isSwap) cost = Math.min(cost, at(row - 2, column - 2) + 1);
      (table[row] as number[])[column] = cost;
    }
  }
  return at(rows - 1, columns - 1);
}
