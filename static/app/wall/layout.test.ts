import { describe, expect, it } from "vitest";
import { cardPlace, wallLayout } from "./layout";
import { podSize, thumbnailBoxes } from "./thumbnail";

describe("the cards", () => {
  it.each([
    [1408, 720, 6],
    [1408, 720, 30],
    [1408, 720, 100],
    [1888, 900, 100],
  ])("fit into %i by %i without scrolling for %i students", (width, height, count) => {
    const layout = wallLayout(width, height, count);
    expect(layout.height).toBeLessThanOrEqual(height);
    const last = cardPlace(layout, count - 1);
    expect(last.x + layout.cardWidth).toBeLessThanOrEqual(width);
    expect(last.y + layout.cardHeight).toBeLessThanOrEqual(height);
  });

  it("are never smaller than they can be read, and scroll instead", () => {
    const layout = wallLayout(366, 500, 100);
    expect(layout.cardHeight).toBeGreaterThanOrEqual(76);
    expect(layout.height).toBeGreaterThan(500);
  });

  it("do not overlap", () => {
    const layout = wallLayout(1000, 700, 23);
    const [first, second] = [cardPlace(layout, 0), cardPlace(layout, 1)];
    expect(second.x - first.x).toBeGreaterThanOrEqual(layout.cardWidth);
    const below = cardPlace(layout, layout.columns);
    expect(below.y).toBeGreaterThanOrEqual(layout.cardHeight);
  });
});

describe("the thumbnail", () => {
  it.each([1, 3, 6, 20])("keeps %i nodes inside", (nodes) => {
    const boxes = thumbnailBoxes(120, 60, nodes, true);
    expect(boxes.nodes).toHaveLength(nodes);
    for (const box of boxes.nodes) {
      expect(box.x + box.width).toBeLessThanOrEqual(120.001);
      expect(box.y + box.height).toBeLessThanOrEqual(60.001);
      expect(box.y).toBeGreaterThanOrEqual(boxes.lane?.height ?? 0);
    }
  });

  it("makes pods smaller as they become more", () => {
    const box = { x: 0, y: 0, width: 40, height: 40 };
    expect(podSize(box, 30).size).toBeLessThan(podSize(box, 4).size);
  });
});
