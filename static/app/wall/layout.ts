/** How many cards stand side by side, and how much each can say. Pure. */

export type Detail = "full" | "short" | "tiny";

export interface WallLayout {
  columns: number;
  cardWidth: number;
  cardHeight: number;
  gap: number;
  /** Of everything; more than the window's when it scrolls. */
  height: number;
  detail: Detail;
}

interface Size {
  detail: Detail;
  width: number;
  height: number;
  gap: number;
}

/** From roomy to dense; a card is at least this large. */
const SIZES: readonly Size[] = [
  { detail: "full", width: 264, height: 196, gap: 12 },
  { detail: "full", width: 208, height: 168, gap: 12 },
  { detail: "short", width: 164, height: 126, gap: 8 },
  { detail: "tiny", width: 100, height: 76, gap: 6 },
];
const GROW_MAX = 1.6;

/** The roomiest layout that needs no scrolling, else the densest one. */
export function wallLayout(width: number, height: number, count: number): WallLayout {
  for (const size of SIZES) {
    const found = largest(size, width, height, count);
    if (found) return found;
  }
  const size = SIZES.at(-1) as Size;
  return laidOut(size, count, columnsOf(size, width), width, size.height);
}

/** With as many columns as make the cards largest; null when not all fit. */
function largest(size: Size, width: number, height: number, count: number): WallLayout | null {
  let best: WallLayout | null = null;
  let most = 0;
  for (let columns = 1; columns <= columnsOf(size, width); columns += 1) {
    const rows = rowsOf(count, columns);
    const room = Math.floor((height - size.gap * Math.max(rows - 1, 0)) / Math.max(rows, 1));
    if (room < size.height) continue;
    const layout = laidOut(size, count, columns, width, room);
    const scale = Math.min(layout.cardWidth / size.width, layout.cardHeight / size.height);
    if (scale > most) [best, most] = [layout, scale];
  }
  return best;
}

function laidOut(
  size: Size,
  count: number,
  columns: number,
  width: number,
  room: number,
): WallLayout {
  const rows = rowsOf(count, columns);
  const share = Math.floor((width - size.gap * (columns - 1)) / columns);
  const cardWidth = Math.min(share, Math.round(size.width * GROW_MAX));
  const cardHeight = Math.min(room, Math.round(size.height * GROW_MAX));
  const height = rows * cardHeight + Math.max(rows - 1, 0) * size.gap;
  return { columns, cardWidth, cardHeight, gap: size.gap, height, detail: size.detail };
}

export function cardPlace(layout: WallLayout, index: number): { x: number; y: number } {
  return {
    x: (index % layout.columns) * (layout.cardWidth + layout.gap),
    y: Math.floor(index / layout.columns) * (layout.cardHeight + layout.gap),
  };
}

function columnsOf({ width, gap }: Size, available: number): number {
  return Math.max(1, Math.floor((available + gap) / (width + gap)));
}

function rowsOf(count: number, columns: number): number {
  return Math.ceil(count / columns);
}
