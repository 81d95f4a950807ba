/** Lines from chips to tiles, measured where both stand now and drawn over the picture. */
import { svg, type TemplateResult } from "lit";
import type { Link } from "../../graph/links";

/** Beyond this many lines say nothing; the outlines on the tiles do. */
const LINES_MAX = 24;

export interface Anchor {
  x: number;
  y: number;
}

/** Finds a pod's place in the picture when it is not an element of its own (on the map). */
export type PodAnchor = (key: string) => Anchor | null;

export function drawLinks(
  root: HTMLElement,
  links: readonly Link[],
  anchorOf: PodAnchor | null,
): TemplateResult[] {
  if (links.length > LINES_MAX) return [];
  const origin = root.getBoundingClientRect();
  const lines: TemplateResult[] = [];
  for (const link of links) {
    if (link.from.kind === "workload") continue;
    const chip = root.querySelector(
      `[data-ref="${CSS.escape(`${link.from.kind}/${link.from.key}`)}"]`,
    );
    const start = chip && isInView(chip) ? top(chip.getBoundingClientRect(), origin) : null;
    const end = anchorOf ? anchorOf(link.pod) : tileAnchor(root, link.pod, origin);
    if (!start || !end) continue;
    lines.push(line(start, end, link.from.kind));
  }
  return lines;
}

/** A chip may be scrolled out of its row. */
function isInView(chip: Element): boolean {
  const row = chip.closest(".shelf-chips")?.getBoundingClientRect();
  const box = chip.getBoundingClientRect();
  return row === undefined || (box.left >= row.left - 8 && box.left + 24 <= row.right);
}

function tileAnchor(root: HTMLElement, key: string, origin: DOMRect): Anchor | null {
  const tile = root.querySelector(`.tile[data-key="${CSS.escape(key)}"]`);
  if (!tile) return null;
  const box = tile.getBoundingClientRect();
  return { x: box.left + box.width / 2 - origin.left, y: box.bottom - origin.top };
}

function top(box: DOMRect, origin: DOMRect): Anchor {
  return { x: box.left + Math.min(box.width / 2, 18) - origin.left, y: box.top - origin.top };
}

function line(start: Anchor, end: Anchor, kind: string): TemplateResult {
  const bend = Math.max(24, (start.y - end.y) * 0.45);
  const curve = [start.x, start.y - bend, end.x, end.y + bend, end.x, end.y].join(" ");
  const path = `M${start.x} ${start.y}C${curve}`;
  return svg`<path class="link-line ${kind}" d=${path} />
    <circle class="link-end ${kind}" cx=${end.x} cy=${end.y} r="3" />`;
}
