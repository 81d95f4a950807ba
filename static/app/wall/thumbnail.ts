/** A student's cluster in the size of a stamp: a box per node, a square per pod. */
import type { Palette } from "../graph/palette";
import { STATES } from "../kinds/states";
import { POD_LETTERS, type WallNode, type WallStudent } from "./frames";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const GAP = 3;
const INSET = 3;
const POD_MAX = 15;
const POD_MIN = 3;
const LANE_SHARE = 0.18;
/** An empty place in the last row weighs as much as an ugly shape. */
const GAP_COST = 4;

/** Where the nodes stand, and the lane of pods without a node above them. Pure. */
export function thumbnailBoxes(
  width: number,
  height: number,
  nodes: number,
  hasLane: boolean,
): { lane: Box | null; nodes: Box[] } {
  const laneHeight = hasLane ? Math.max(9, Math.round(height * LANE_SHARE)) : 0;
  const top = hasLane ? laneHeight + GAP : 0;
  const columns = columnsFor(width, height - top, nodes);
  const rows = Math.max(1, Math.ceil(nodes / columns));
  const boxWidth = (width - GAP * (columns - 1)) / columns;
  const boxHeight = (height - top - GAP * (rows - 1)) / rows;
  return {
    lane: hasLane ? { x: 0, y: 0, width, height: laneHeight } : null,
    nodes: Array.from({ length: nodes }, (_, index) => ({
      x: (index % columns) * (boxWidth + GAP),
      y: top + Math.floor(index / columns) * (boxHeight + GAP),
      width: boxWidth,
      height: boxHeight,
    })),
  };
}

/** Boxes a little wider than high, in full rows where that is possible. */
function columnsFor(width: number, height: number, nodes: number): number {
  let best = 1;
  let least = Infinity;
  for (let columns = 1; columns <= Math.max(1, nodes); columns += 1) {
    const rows = Math.ceil(nodes / columns);
    const shape = width / columns / (height / rows);
    const gaps = (columns * rows - nodes) / (columns * rows);
    const cost = Math.abs(Math.log(shape / 1.3)) + GAP_COST * gaps;
    if (cost < least) [best, least] = [columns, cost];
  }
  return best;
}

/** The largest squares with which `count` pods fit into a box. Pure. */
export function podSize(box: Box, count: number): { size: number; perRow: number } {
  for (let size = POD_MAX; size > POD_MIN; size -= 1) {
    const perRow = Math.floor((box.width - 2 * INSET + 1) / (size + 1));
    const rows = Math.floor((box.height - 2 * INSET + 1) / (size + 1));
    if (perRow > 0 && perRow * rows >= count) return { size, perRow };
  }
  return {
    size: POD_MIN,
    perRow: Math.max(1, Math.floor((box.width - 2 * INSET + 1) / (POD_MIN + 1))),
  };
}

export function drawThumbnail(
  context: CanvasRenderingContext2D,
  student: WallStudent,
  width: number,
  height: number,
  palette: Palette,
): void {
  context.clearRect(0, 0, width, height);
  const boxes = thumbnailBoxes(width, height, student.nodes.length, student.unplaced !== "");
  if (boxes.lane) drawLane(context, boxes.lane, student.unplaced, palette);
  student.nodes.forEach((node, index) => {
    const box = boxes.nodes[index];
    if (box) drawNode(context, box, node, palette);
  });
}

function drawLane(
  context: CanvasRenderingContext2D,
  box: Box,
  letters: string,
  palette: Palette,
): void {
  context.strokeStyle = palette.tones["wait"] as string;
  context.setLineDash([2, 2]);
  context.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
  context.setLineDash([]);
  drawPods(context, box, letters, palette);
}

function drawNode(
  context: CanvasRenderingContext2D,
  box: Box,
  node: WallNode,
  palette: Palette,
): void {
  context.beginPath();
  context.roundRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, 3);
  context.fillStyle = palette.ground;
  context.fill();
  context.lineWidth = node.ready ? 1 : 1.5;
  context.strokeStyle = node.ready ? palette.line : (palette.tones["fail"] as string);
  context.stroke();
  context.lineWidth = 1;
  context.globalAlpha = node.ready ? 1 : 0.5;
  drawPods(context, box, node.pods, palette);
  context.globalAlpha = 1;
}

function drawPods(
  context: CanvasRenderingContext2D,
  box: Box,
  letters: string,
  palette: Palette,
): void {
  const { size, perRow } = podSize(box, letters.length);
  [...letters].forEach((letter, index) => {
    const x = box.x + INSET + (index % perRow) * (size + 1);
    const y = box.y + INSET + Math.floor(index / perRow) * (size + 1);
    if (y + size > box.y + box.height) return;
    drawPod(context, letter, x, y, size, palette);
  });
}

/** State by shape and colour, as on the large picture: full, framed, crossed. */
function drawPod(
  context: CanvasRenderingContext2D,
  letter: string,
  x: number,
  y: number,
  size: number,
  palette: Palette,
): void {
  const face = STATES[POD_LETTERS[letter] ?? "waiting"];
  const color = palette.tones[face.tone] as string;
  context.fillStyle = color;
  context.strokeStyle = color;
  if (face.mark === "hollow" || face.mark === "pull" || face.mark === "hatch") {
    context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
    return;
  }
  context.fillRect(x, y, size, size);
  if (face.mark !== "cross" || size < 6) return;
  context.strokeStyle = palette.ground;
  context.beginPath();
  context.moveTo(x + 2, y + 2);
  context.lineTo(x + size - 2, y + size - 2);
  context.moveTo(x + size - 2, y + 2);
  context.lineTo(x + 2, y + size - 2);
  context.stroke();
}
