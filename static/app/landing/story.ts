/**
 * The landing page's little story: pods come, are judged, land. Only data and where things stand;
 * art.ts draws it. Pure.
 */

export interface Arrival {
  /** Which workload it belongs to: a hue and two letters. */
  hue: number;
  letters: string;
  /** The node it lands on, and its place there. */
  node: number;
  slot: number;
  /** The node that refuses it, and why. */
  refused?: { node: number; reason: string };
}

export const NODES = ["node-1", "node-2", "node-3"] as const;
export const SLOTS_PER_ROW = 3;
export const SLOT_ROWS = 3;

const WEB = { hue: 250, letters: "we" };
const DB = { hue: 305, letters: "db" };
const REDIS = { hue: 148, letters: "re" };
const CART = { hue: 205, letters: "ca" };

/** In the order of arrival; the slots fill row by row on each node. */
export const ARRIVALS: readonly Arrival[] = place([
  { ...WEB, node: 0 },
  { ...DB, node: 1 },
  { ...WEB, node: 2 },
  { ...REDIS, node: 1, refused: { node: 0, reason: "Insufficient cpu" } },
  { ...CART, node: 0 },
  { ...WEB, node: 1, refused: { node: 2, reason: "taint gpu" } },
  { ...DB, node: 2, refused: { node: 0, reason: "Insufficient cpu" } },
  { ...CART, node: 2 },
  { ...REDIS, node: 0, refused: { node: 1, reason: "pod anti-affinity" } },
  { ...WEB, node: 1 },
  { ...CART, node: 2, refused: { node: 0, reason: "Insufficient cpu" } },
  { ...DB, node: 0 },
  { ...REDIS, node: 2, refused: { node: 1, reason: "pod anti-affinity" } },
]);

function place(arrivals: readonly Omit<Arrival, "slot">[]): Arrival[] {
  const taken = NODES.map(() => 0);
  return arrivals.map((arrival) => {
    const slot = taken[arrival.node] ?? 0;
    taken[arrival.node] = slot + 1;
    return { ...arrival, slot };
  });
}

export interface Spot {
  x: number;
  y: number;
}

export const WIDTH = 560;
export const HEIGHT = 372;
const CARD = { width: 172, height: 224, gap: 22, top: 128 };
const TILE = 40;
const PITCH = 49;

/** A card's corner. */
export function cardSpot(node: number): Spot {
  return { x: node * (CARD.width + CARD.gap), y: CARD.top };
}

/** The corner of a place on a card. */
export function slotSpot(node: number, slot: number): Spot {
  const card = cardSpot(node);
  return {
    x: card.x + 16 + (slot % SLOTS_PER_ROW) * PITCH,
    y: card.y + 62 + Math.floor(slot / SLOTS_PER_ROW) * PITCH,
  };
}

/** Where a pod waits while it is judged: below the scheduler. */
export const QUEUE: Spot = { x: WIDTH / 2 - TILE / 2, y: 56 };
export const CARD_SIZE = { width: CARD.width, height: CARD.height } as const;
export const TILE_SIZE = TILE;

/** How full a node's bars are after a number of arrivals, 0 to 1. */
export function load(node: number, arrived: number): { cpu: number; memory: number } {
  const count = ARRIVALS.slice(0, arrived).filter((arrival) => arrival.node === node).length;
  return {
    cpu: Math.min(1, 0.08 + count * (node === 0 ? 0.2 : 0.16)),
    memory: 0.06 + count * 0.11,
  };
}
