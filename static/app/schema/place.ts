/**
 * Where in a YAML text a line stands: the path of keys that leads to it, read from the indentation
 * alone, so that it works while the text is half written. Pure; used by completion and hover.
 */

export interface Place {
  /** Keys from the document's root to the parent of the line; lists are not steps of their own. */
  path: string[];
  /** The key on the line itself, when it has one. */
  key: string | null;
  /** Keys beside it, in the same mapping. */
  siblings: string[];
  /** The document's apiVersion and kind. */
  apiVersion: string;
  kind: string;
}

interface Line {
  indent: number;
  key: string | null;
  isBlank: boolean;
}

const KEY =
  /^(\s*)((?:- )*)(?:"([^"]+)"|'([^']+)'|([^\s#:"'[\]{},&*!|>%@`-][^\s:#]*|-[^\s:#]+))\s*:(?:\s|$)/;
const DASH = /^(\s*)((?:- *)+)(.*)$/;

/** The place of a line (counted from 0) in a text; `column` matters on an empty line only. */
export function placeAt(lines: readonly string[], index: number, column: number): Place {
  const [start, end] = documentAround(lines, index);
  const here = parse(lines[index] ?? "");
  const indent = here.isBlank ? column : here.indent;
  const parents: string[] = [];
  const siblings = new Set<string>();
  let level = indent;
  for (let row = index - 1; row >= start; row -= 1) {
    const line = parse(lines[row] ?? "");
    if (line.isBlank || line.key === null) continue;
    if (line.indent < level || (parents.length === 0 && opensList(lines, row, index, indent))) {
      parents.unshift(line.key);
      level = Math.min(line.indent, level);
      if (level === 0) break;
    }
  }
  collectSiblings(lines, index, indent, start, end, siblings);
  return {
    path: parents,
    key: here.key,
    siblings: [...siblings],
    apiVersion: rootValue(lines, start, end, "apiVersion"),
    kind: rootValue(lines, start, end, "kind"),
  };
}

/** A list may stand at its key's own indentation: `containers:` above `- name: x`. */
function opensList(lines: readonly string[], row: number, index: number, indent: number): boolean {
  const parent = parse(lines[row] ?? "");
  if (!/:\s*(#.*)?$/.test(lines[row] ?? "") || parent.indent >= indent) return false;
  for (let between = row + 1; between <= index; between += 1) {
    const text = lines[between] ?? "";
    if (/^\s*- /.test(text) && text.search(/\S/) === parent.indent) return true;
  }
  return false;
}

function collectSiblings(
  lines: readonly string[],
  index: number,
  indent: number,
  start: number,
  end: number,
  into: Set<string>,
): void {
  for (let row = index - 1; row >= start; row -= 1) {
    const text = lines[row] ?? "";
    const line = parse(text);
    if (line.isBlank) continue;
    if (line.indent < indent) break;
    if (line.indent === indent && line.key) into.add(line.key);
    if (line.indent === indent && /^\s*- /.test(text)) break;
  }
  if (/^\s*- /.test(lines[index] ?? "") && parse(lines[index] ?? "").indent === indent) {
    into.clear();
  }
  for (let row = index + 1; row < end; row += 1) {
    const text = lines[row] ?? "";
    const line = parse(text);
    if (line.isBlank) continue;
    if (line.indent < indent || /^\s*- /.test(text)) break;
    if (line.indent === indent && line.key) into.add(line.key);
  }
}

function documentAround(lines: readonly string[], index: number): [number, number] {
  let start = index;
  while (start > 0 && !/^---/.test(lines[start - 1] ?? "")) start -= 1;
  let end = index + 1;
  while (end < lines.length && !/^---/.test(lines[end] ?? "")) end += 1;
  return [start, end];
}

function rootValue(lines: readonly string[], start: number, end: number, key: string): string {
  for (let row = start; row < end; row += 1) {
    const match = new RegExp(`^${key}:\\s*["']?([^"'\\s#]+)`).exec(lines[row] ?? "");
    if (match) return match[1] ?? "";
  }
  return "";
}

/** A line's effective indentation: a dash counts as two spaces, so list items line up. */
function parse(text: string): Line {
  if (/^\s*(#.*)?$/.test(text)) return { indent: 0, key: null, isBlank: true };
  const found = KEY.exec(text);
  if (found) {
    const indent = (found[1]?.length ?? 0) + (found[2]?.length ?? 0);
    return { indent, key: found[3] ?? found[4] ?? found[5] ?? null, isBlank: false };
  }
  const dash = DASH.exec(text);
  if (dash) {
    const indent = (dash[1]?.length ?? 0) + Math.max(2, dash[2]?.length ?? 0);
    return { indent, key: null, isBlank: false };
  }
  return { indent: text.search(/\S/), key: null, isBlank: false };
}
