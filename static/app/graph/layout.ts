/**
 * Where everything in the picture goes: a pure function from a space and counts to rectangles.
 * Cards in a grid that fits without scrolling; the tiles shrink before anything is left out.
 * With too many nodes for cards, a packed map of square cells.
 */

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Space {
  width: number;
  height: number;
  /** On a narrow screen the page may scroll, and cards keep a size for fingers. */
  canScroll?: boolean;
}

export type Density = "full" | "compact" | "mini";

export interface CardsLayout {
  mode: "cards";
  density: Density;
  columns: number;
  rows: number;
  gap: number;
  cardWidth: number;
  cardHeight: number;
  tile: number;
  tileGap: number;
  tilesPerRow: number;
  padding: number;
  /** How many tiles a card can show; more are told as a number. */
  tilesMax: number;
  height: number;
}

export interface PackedLayout {
  mode: "packed";
  columns: number;
  rows: number;
  gap: number;
  cell: number;
  pod: number;
  podsPerRow: number;
  height: number;
}

export type Layout = CardsLayout | PackedLayout;

interface Measure {
  density: Density;
  tile: number;
  tileGap: number;
  padding: number;
  /** Above and below the tiles: head, bars, foot. */
  head: number;
  foot: number;
  widthMin: number;
  gap: number;
  /** Only for grids without an empty place. */
  isFullGrid?: boolean;
}

const FULL = { density: "full", padding: 12, head: 88, foot: 49, widthMin: 184, gap: 12 } as const;
const COMPACT = {
  density: "compact",
  padding: 10,
  head: 56,
  foot: 11,
  widthMin: 118,
  gap: 10,
} as const;
const MINI = { density: "mini", padding: 7, head: 36, foot: 8, widthMin: 62, gap: 8 } as const;
const TINY = { density: "mini", padding: 5, head: 34, foot: 6, widthMin: 54, gap: 6 } as const;

/** From roomy to tight; the first that fits is taken. */
const MEASURES: readonly Measure[] = [
  { ...FULL, tile: 52, tileGap: 10, widthMin: 400, isFullGrid: true },
  { ...FULL, tile: 40, tileGap: 8 },
  { ...FULL, tile: 34, tileGap: 7 },
  { ...FULL, tile: 28, tileGap: 6 },
  { ...COMPACT, tile: 28, tileGap: 6 },
  { ...COMPACT, tile: 24, tileGap: 5 },
  { ...COMPACT, tile: 20, tileGap: 5 },
  { ...MINI, tile: 16, tileGap: 4 },
  { ...MINI, tile: 14, tileGap: 3 },
  { ...MINI, tile: 12, tileGap: 3 },
  { ...TINY, tile: 10, tileGap: 2 },
  { ...TINY, tile: 8, tileGap: 2 },
];

const CARDS_MAX = 64;
const TILES_MAX = 1200;
const CARD_HEIGHT_MAX = 420;
/** A wide card may be this much taller than wide, to fill a large screen. */
const TALL = 1.5;
const BORDER = 1;
/** A tall card is less odd than a flat one, and a hole in the grid odder than both. */
const TALL_COST = 0.6;
const EMPTY_COST = 1.5;
const ASPECT = 1.25;
/** Room is kept for a few more pods, so that a new one rarely moves everything. */
const POD_STEP = 4;

export function layoutNodes(space: Space, podCounts: readonly number[]): Layout {
  const count = podCounts.length;
  const most = podCounts.reduce((max, pods) => Math.max(max, pods), 0);
  const total = podCounts.reduce((sum, pods) => sum + pods, 0);
  if (count > CARDS_MAX || total > TILES_MAX) return packed(space, count, usual(podCounts));
  const room = Math.max(POD_STEP, Math.ceil(most / POD_STEP) * POD_STEP);
  const measures = space.canScroll ? MEASURES.slice(2) : MEASURES;
  for (const measure of measures) {
    const found = bestGrid(space, count, room, measure);
    if (found) return found;
  }
  return tightGrid(space, count);
}

/** The rectangle of the card at an index. */
export function cardRect(layout: CardsLayout, index: number): Rect {
  const column = index % layout.columns;
  const row = Math.floor(index / layout.columns);
  return {
    x: column * (layout.cardWidth + layout.gap),
    y: row * (layout.cardHeight + layout.gap),
    width: layout.cardWidth,
    height: layout.cardHeight,
  };
}

/** The rectangle of the cell at an index of a packed map. */
export function cellRect(layout: PackedLayout, index: number): Rect {
  const column = index % layout.columns;
  const row = Math.floor(index / layout.columns);
  const pitch = layout.cell + layout.gap;
  return { x: column * pitch, y: row * pitch, width: layout.cell, height: layout.cell };
}

/** What is at a point of a packed map: a node's index, and a pod's index within it or -1. */
export function packedHit(
  layout: PackedLayout,
  podCounts: (node: number) => number,
  x: number,
  y: number,
): { node: number; pod: number } | null {
  const pitch = layout.cell + layout.gap;
  const column = Math.floor(x / pitch);
  const row = Math.floor(y / pitch);
  if (column < 0 || row < 0 || column >= layout.columns) return null;
  const node = row * layout.columns + column;
  const grid = podGrid(layout, podCounts(node));
  if (!grid) return { node, pod: -1 };
  const podColumn = Math.floor((x - column * pitch - grid.inset) / (grid.pod + 1));
  const podRow = Math.floor((y - row * pitch - grid.inset) / (grid.pod + 1));
  const isInside = podColumn >= 0 && podRow >= 0 && podColumn < grid.perRow;
  return { node, pod: isInside ? podRow * grid.perRow + podColumn : -1 };
}

export interface PodGrid {
  perRow: number;
  /** Side of a pod's square. */
  pod: number;
  /** Between the cell's edge and its first pod. */
  inset: number;
}

/**
 * How a cell's pods are laid; smaller in the few cells that hold unusually many. Null when they
 * are too small to see.
 */
export function podGrid(layout: PackedLayout, count: number): PodGrid | null {
  if (!layout.pod) return null;
  const isUsual = count <= layout.podsPerRow * layout.podsPerRow;
  const perRow = isUsual ? layout.podsPerRow : Math.ceil(Math.sqrt(count));
  const pod = isUsual ? layout.pod : Math.max(1, podSide(layout.cell, perRow));
  const used = perRow * (pod + 1) - 1;
  return { perRow, pod, inset: Math.max(1, Math.floor((layout.cell - used) / 2)) };
}

function podSide(cell: number, perRow: number): number {
  return Math.floor((cell - 2 - (perRow - 1)) / perRow);
}

function bestGrid(space: Space, count: number, room: number, measure: Measure): CardsLayout | null {
  let best: CardsLayout | null = null;
  let bestCost = Infinity;
  const columnsMax = Math.floor((space.width + measure.gap) / (measure.widthMin + measure.gap));
  for (let columns = 1; columns <= Math.min(columnsMax, Math.max(count, 1)); columns += 1) {
    const grid = gridOf(space, count, room, measure, columns);
    if (!grid) continue;
    const empty = grid.rows * columns - count;
    if (empty > 0 && measure.isFullGrid) continue;
    const shape = Math.log(grid.cardWidth / grid.cardHeight / ASPECT);
    const cost = (shape < 0 ? -shape * TALL_COST : shape) + (EMPTY_COST * empty) / columns;
    if (cost < bestCost) [best, bestCost] = [grid, cost];
  }
  return best;
}

function gridOf(
  space: Space,
  count: number,
  room: number,
  measure: Measure,
  columns: number,
): CardsLayout | null {
  const { gap, padding, tile, tileGap } = measure;
  const rows = Math.ceil(count / columns) || 1;
  const cardWidth = Math.floor((space.width - (columns - 1) * gap) / columns);
  const tilesPerRow = Math.floor((cardWidth - 2 * (padding + BORDER) + tileGap) / (tile + tileGap));
  if (tilesPerRow < 1) return null;
  const tileRows = Math.ceil(room / tilesPerRow);
  const needed = measure.head + tileRows * (tile + tileGap) - tileGap + measure.foot;
  const available = Math.floor((space.height - (rows - 1) * gap) / rows);
  if (!space.canScroll && needed > available) return null;
  const cardHeight = space.canScroll
    ? needed
    : Math.min(available, Math.max(needed, CARD_HEIGHT_MAX, cardWidth * TALL));
  const inside = cardHeight - measure.head - measure.foot + tileGap;
  return {
    mode: "cards",
    density: measure.density,
    columns,
    rows,
    gap,
    cardWidth,
    cardHeight,
    tile,
    tileGap,
    tilesPerRow,
    padding,
    tilesMax: Math.floor(inside / (tile + tileGap)) * tilesPerRow,
    height: rows * (cardHeight + gap) - gap,
  };
}

/** When not every pod fits even with the smallest tiles: as many as do, the rest as a number. */
function tightGrid(space: Space, count: number): CardsLayout {
  const measure = MEASURES[MEASURES.length - 1] as Measure;
  return (
    bestGrid(space, count, 1, measure) ??
    (gridOf({ ...space, canScroll: true }, count, POD_STEP, measure, 1) as CardsLayout)
  );
}

function packed(space: Space, count: number, most: number): PackedLayout {
  const area = (space.width * Math.max(space.height, 1)) / Math.max(count, 1);
  const pitchMin = space.canScroll ? 15 : 5;
  let pitch = Math.max(pitchMin, Math.floor(Math.sqrt(area)));
  while (pitch > pitchMin && fitting(space, pitch) < count) pitch -= 1;
  const gap = pitch >= 14 ? 3 : pitch >= 8 ? 2 : 1;
  const cell = Math.min(pitch - gap, 96);
  const columns = Math.max(1, Math.floor((space.width + gap) / (cell + gap)));
  const rows = Math.ceil(count / columns);
  const podsPerRow = Math.max(1, Math.ceil(Math.sqrt(most)));
  const pod = podSide(cell, podsPerRow);
  return {
    mode: "packed",
    columns,
    rows,
    gap,
    cell,
    pod: pod >= 2 ? Math.min(pod, 14) : 0,
    podsPerRow,
    height: rows * (cell + gap) - gap,
  };
}

/** What nine of ten nodes hold at most. */
function usual(podCounts: readonly number[]): number {
  const sorted = [...podCounts].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * 0.9)] ?? 0;
}

function fitting(space: Space, pitch: number): number {
  return Math.floor(space.width / pitch) * Math.floor(space.height / pitch);
}
