/**
 * The text in pieces: lines without interruption, and what people wrote below a line. Findings
 * stand in the margin beside their line, each a line of its own, pushed down where they crowd;
 * without a margin they cut the text and stand below their line. Pure.
 */
import type { Finding, Remark, Severity } from "./api";

export interface Note {
  finding: Finding;
  /** Its place in the margin, in rows from the top of its piece. */
  row: number;
}

export interface Piece {
  /** Numbers of the lines, from 1. */
  first: number;
  lines: readonly string[];
  notes: readonly Note[];
  /** How many rows the piece needs: its lines, or its notes when there are more. */
  rows: number;
  /** Below the last line. */
  remarks: readonly Remark[];
  /** Whether somebody is writing below the last line. */
  isWriting: boolean;
}

const ORDER: readonly Severity[] = ["error", "warning", "info"];

export interface Margin {
  /** The line one writes about; 0 while one does not. */
  writingAt?: number;
  /** There is no margin. */
  isInline?: boolean;
  /** How many rows a note takes; one, unless it is open. */
  rowsOf?: (finding: Finding) => number;
}

export function pieces(
  text: string,
  findings: readonly Finding[],
  remarks: readonly Remark[],
  { writingAt = 0, isInline = false, rowsOf = () => 1 }: Margin = {},
): Piece[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const cuts = new Set<number>([lines.length]);
  for (const { line } of remarks) if (line !== null) cuts.add(clamp(line, lines.length));
  if (writingAt > 0) cuts.add(clamp(writingAt, lines.length));
  if (isInline) for (const { line } of findings) cuts.add(clamp(line, lines.length));
  const made: Piece[] = [];
  let first = 1;
  for (const last of [...cuts].sort((a, b) => a - b)) {
    const own = findings.filter((one) => inPiece(one.line, first, last, lines.length));
    const { notes, rows } = stack(own, first, rowsOf);
    const count = last - first + 1;
    made.push({
      first,
      lines: lines.slice(first - 1, last),
      notes,
      rows: Math.max(count, rows),
      remarks: remarks.filter((one) => one.line !== null && clamp(one.line, lines.length) === last),
      isWriting: writingAt > 0 && clamp(writingAt, lines.length) === last,
    });
    first = last + 1;
  }
  return made;
}

/** Each as near to its line as those above it allow. */
function stack(
  findings: readonly Finding[],
  first: number,
  rowsOf: (finding: Finding) => number,
): { notes: Note[]; rows: number } {
  const notes: Note[] = [];
  let next = 0;
  for (const finding of [...findings].sort(byPlace)) {
    const row = Math.max(next, finding.line - first);
    notes.push({ finding, row });
    next = row + rowsOf(finding);
  }
  return { notes, rows: next };
}

function inPiece(line: number, first: number, last: number, total: number): boolean {
  const at = clamp(line, total);
  return at >= first && at <= last;
}

function clamp(line: number, total: number): number {
  return Math.max(1, Math.min(line, total));
}

export function byPlace(a: Finding, b: Finding): number {
  return a.line - b.line || ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity);
}

/** The worst of each line. */
export function marks(findings: readonly Finding[]): ReadonlyMap<number, Severity> {
  const found = new Map<number, Severity>();
  for (const { line, severity } of findings) {
    const known = found.get(line);
    if (!known || ORDER.indexOf(severity) < ORDER.indexOf(known)) found.set(line, severity);
  }
  return found;
}

export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const found = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) found[severity] += 1;
  return found;
}

/** A finding's name within its version. */
export function keyOf(finding: Finding): string {
  return `${finding.rule}@${finding.line}:${finding.column}`;
}
