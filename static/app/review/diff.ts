/** Unified diffs as rows: one below the other, or side by side. Pure. */

export type Change = "same" | "added" | "removed";

export interface Side {
  number: number;
  text: string;
  change: Change;
}

/** One row of a side-by-side view; `place` is set where lines were left out. */
export interface Pair {
  left: Side | null;
  right: Side | null;
  place: string;
}

export interface UnifiedRow {
  left: number | null;
  right: number | null;
  text: string;
  change: Change;
  place: string;
}

const PLACE = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The rows of a unified diff with the numbers of both sides. Heads of files are left out. */
export function unifiedRows(diff: string): UnifiedRow[] {
  const rows: UnifiedRow[] = [];
  let left = 0;
  let right = 0;
  let isInside = false;
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    const place = PLACE.exec(line);
    if (place) {
      isInside = true;
      left = Number(place[1]);
      right = Number(place[3]);
      if (rows.length || left > 1 || right > 1) {
        rows.push({ left: null, right: null, text: "", change: "same", place: placeWords(place) });
      }
      continue;
    }
    if (!isInside || line.startsWith("\\")) continue;
    const text = line.slice(1);
    if (line.startsWith("+")) {
      rows.push({ left: null, right: right++, text, change: "added", place: "" });
    } else if (line.startsWith("-")) {
      rows.push({ left: left++, right: null, text, change: "removed", place: "" });
    } else {
      rows.push({ left: left++, right: right++, text, change: "same", place: "" });
    }
  }
  return rows;
}

function placeWords(place: RegExpExecArray): string {
  const start = Number(place[3]);
  return start > 0 ? `from line ${start}` : "";
}

/** The same side by side: what was removed stands beside what was added in its place. */
export function pairedRows(rows: readonly UnifiedRow[]): Pair[] {
  const pairs: Pair[] = [];
  let removed: Side[] = [];
  let added: Side[] = [];
  const flush = () => {
    for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
      pairs.push({ left: removed[index] ?? null, right: added[index] ?? null, place: "" });
    }
    removed = [];
    added = [];
  };
  for (const row of rows) {
    if (row.place) {
      flush();
      pairs.push({ left: null, right: null, place: row.place });
    } else if (row.change === "removed") {
      removed.push({ number: row.left ?? 0, text: row.text, change: "removed" });
    } else if (row.change === "added") {
      added.push({ number: row.right ?? 0, text: row.text, change: "added" });
    } else {
      flush();
      pairs.push({
        left: { number: row.left ?? 0, text: row.text, change: "same" },
        right: { number: row.right ?? 0, text: row.text, change: "same" },
        place: "",
      });
    }
  }
  flush();
  return pairs;
}

/** "+3 −1" */
export function counts(rows: readonly UnifiedRow[]): { added: number; removed: number } {
  return {
    added: rows.filter((row) => row.change === "added").length,
    removed: rows.filter((row) => row.change === "removed").length,
  };
}
