import { describe, expect, it } from "vitest";
import { cardRect, cellRect, layoutNodes, packedHit, podGrid, type Space } from "./layout";

const counts = (nodes: number, pods: number) => Array.from({ length: nodes }, () => pods);

const SPACES: [string, Space][] = [
  ["laptop", { width: 1004, height: 470 }],
  ["laptop with inspector", { width: 604, height: 470 }],
  ["desktop", { width: 1480, height: 640 }],
  ["wall", { width: 1880, height: 900 }],
];

describe("a grid of cards", () => {
  for (const [name, space] of SPACES) {
    it.each([
      [1, 3],
      [3, 4],
      [6, 10],
      [12, 8],
      [30, 5],
      [60, 5],
    ])(`on a ${name} fits %i nodes of %i pods without scrolling`, (nodes, pods) => {
      const layout = layoutNodes(space, counts(nodes, pods));
      expect(layout.mode).toBe("cards");
      if (layout.mode !== "cards") return;
      const last = cardRect(layout, nodes - 1);
      expect(last.y + last.height).toBeLessThanOrEqual(space.height);
      expect(layout.columns * (layout.cardWidth + layout.gap)).toBeLessThanOrEqual(
        space.width + layout.gap,
      );
      expect(layout.tilesMax).toBeGreaterThanOrEqual(pods);
    });
  }

  it("gives three nodes three columns and full cards", () => {
    const layout = layoutNodes({ width: 1004, height: 470 }, [4, 3, 3]);
    expect(layout).toMatchObject({ density: "full", columns: 3, rows: 1, tile: 40 });
  });

  it("never overlaps two cards", () => {
    const layout = layoutNodes({ width: 1004, height: 470 }, counts(17, 6));
    if (layout.mode !== "cards") throw new Error("expected cards");
    const rects = Array.from({ length: 17 }, (_, index) => cardRect(layout, index));
    for (const a of rects) {
      for (const b of rects) {
        if (a === b) continue;
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    }
  });

  it("keeps its shape when one pod more arrives", () => {
    const space = { width: 1004, height: 470 };
    expect(layoutNodes(space, counts(6, 9))).toEqual(layoutNodes(space, counts(6, 10)));
  });

  it("may scroll on a phone, with tiles for fingers", () => {
    const layout = layoutNodes({ width: 358, height: 500, canScroll: true }, counts(12, 6));
    expect(layout).toMatchObject({ mode: "cards", tile: 34 });
    expect(layout.height).toBeGreaterThan(500);
  });

  it("shows as many tiles as fit when a few nodes are crowded", () => {
    const layout = layoutNodes({ width: 300, height: 200 }, counts(8, 110));
    expect(layout.mode).toBe("cards");
  });
});

describe("a packed map", () => {
  it.each([
    [100, 10],
    [1000, 10],
    [5000, 5],
  ])("fits %i nodes", (nodes, pods) => {
    const space = { width: 1004, height: 470 };
    const layout = layoutNodes(space, counts(nodes, pods));
    expect(layout.mode).toBe("packed");
    if (layout.mode !== "packed") return;
    const last = cellRect(layout, nodes - 1);
    expect(last.y + last.height).toBeLessThanOrEqual(space.height);
  });

  it("finds the node and the pod under a point", () => {
    const layout = layoutNodes({ width: 1004, height: 470 }, counts(200, 9));
    if (layout.mode !== "packed") throw new Error("expected packed");
    const cell = cellRect(layout, 37);
    const { inset, pod, perRow } = podGrid(layout, 9) ?? { inset: 0, pod: 0, perRow: 0 };
    const x = cell.x + inset + (pod + 1) * 2 + 1;
    const y = cell.y + inset + (pod + 1) + 1;
    expect(packedHit(layout, () => 9, x, y)).toEqual({ node: 37, pod: perRow + 2 });
    expect(packedHit(layout, () => 9, -4, 3)).toBe(null);
  });

  it("draws smaller where unusually many pods are, and none when they could not be seen", () => {
    const layout = layoutNodes({ width: 1004, height: 470 }, [...counts(199, 9), 60]);
    if (layout.mode !== "packed") throw new Error("expected packed");
    expect(layout.podsPerRow).toBe(3);
    expect(podGrid(layout, 60)).toMatchObject({ perRow: 8 });
    expect(podGrid({ ...layout, pod: 0 }, 9)).toBe(null);
  });
});
