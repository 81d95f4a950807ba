import { describe, expect, it } from "vitest";
import { ARRIVALS, cardSpot, CARD_SIZE, load, NODES, slotSpot, TILE_SIZE, WIDTH } from "./story";

describe("the landing page's story", () => {
  it("never puts two pods in one place", () => {
    const places = ARRIVALS.map((arrival) => `${arrival.node} ${arrival.slot}`);
    expect(new Set(places).size).toBe(ARRIVALS.length);
  });

  it("never lands a pod on the node that refuses it", () => {
    for (const arrival of ARRIVALS) expect(arrival.refused?.node).not.toBe(arrival.node);
  });

  it("keeps every place inside its card and every card inside the drawing", () => {
    for (const { node, slot } of ARRIVALS) {
      const card = cardSpot(node);
      const spot = slotSpot(node, slot);
      expect(spot.x).toBeGreaterThan(card.x);
      expect(spot.x + TILE_SIZE).toBeLessThan(card.x + CARD_SIZE.width);
      expect(spot.y + TILE_SIZE).toBeLessThan(card.y + CARD_SIZE.height);
    }
    expect(cardSpot(NODES.length - 1).x + CARD_SIZE.width).toBeLessThanOrEqual(WIDTH);
  });

  it("fills the nodes as pods arrive", () => {
    expect(load(0, ARRIVALS.length).cpu).toBeGreaterThan(load(0, 0).cpu);
  });
});
