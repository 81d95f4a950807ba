/** Lines from chips to tiles, measured where both stand now and drawn over the picture. */
import { svg, type TemplateResult } from "lit";
import type { Link } from "../../graph/links";

const LINES_MAX = 120;

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
  const origin = root.getBoundingClientRect();
  const lines: TemplateResult[] = [];
  for (const link of links.slice(0, LINES_MAX)) {
    const chip = root.querySelector(`[data-ref="${CSS.escape(`${link.from.kind}/${link.from.key}`)}"]`);
    const start = chip && top(chip.getBoundingClientRect(), origin);
    const end = anchorOf ? anchorOf(link.pod) : tileAnchor(root, link.pod, origin);
    if (!start || !end) continue;
    lines.push(line(start, end, link.from.kind));
  }
  return lines;
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
  const path = `M${start.x} ${start.y}C${start.x} ${start.y - bend} ${end.x} ${end.y + bend} ${end.x} ${end.y}`;
  return svg`<path class="link-line ${kind}" d=${path} />
    <circle class="link-end ${kind}" cx=${end.x} cy=${end.y} r="3" />`;
}
