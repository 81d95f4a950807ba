/**
 * Draws the packed map on a canvas: a cell per node, a square per pod. Reads the model and never
 * keeps it; only the cells it is told to are drawn again.
 */
import { workloadOf, SYSTEM_HUE, type Hues } from "../kinds/hue";
import { STATES } from "../kinds/states";
import type { ScenePod } from "../protocol/frames";
import { cellRect, podGrid, type PackedLayout } from "./layout";
import type { Card } from "./model";
import type { Palette } from "./palette";

export interface MapLook {
  layout: PackedLayout;
  hues: Hues;
  palette: Palette;
  isDim: ((pod: ScenePod) => boolean) | null;
  selectedNode: string;
  selectedPod: string;
  focusedKey: string;
  /** Pods that have just arrived, with how fresh they are, 1 to 0. */
  fresh: ReadonlyMap<string, number>;
}

export function drawCell(
  context: CanvasRenderingContext2D,
  card: Card,
  index: number,
  look: MapLook,
): void {
  const { layout, palette } = look;
  const rect = cellRect(layout, index);
  context.fillStyle = palette.ground;
  context.fillRect(
    rect.x - layout.gap / 2,
    rect.y - layout.gap / 2,
    layout.cell + layout.gap,
    layout.cell + layout.gap,
  );
  const radius = Math.min(4, layout.cell / 6);
  context.beginPath();
  context.roundRect(rect.x + 0.5, rect.y + 0.5, rect.width - 1, rect.height - 1, radius);
  context.fillStyle = palette.cell;
  context.globalAlpha = card.node.ready ? 1 : 0.45;
  context.fill();
  outline(context, card, look);
  if (layout.pod) drawPods(context, card, rect.x, rect.y, look);
  else drawShare(context, card, rect.x, rect.y, look);
  context.globalAlpha = 1;
}

function outline(context: CanvasRenderingContext2D, card: Card, look: MapLook): void {
  const { palette } = look;
  const { name } = card.node;
  const isChosen = look.selectedNode === name || look.focusedKey === `node/${name}`;
  context.lineWidth = isChosen ? 2 : 1;
  context.strokeStyle = isChosen
    ? palette.accent
    : card.node.ready
      ? palette.line
      : (palette.tones["fail"] as string);
  context.setLineDash(card.node.cordoned ? [3, 2] : []);
  context.stroke();
  context.setLineDash([]);
}

function drawPods(
  context: CanvasRenderingContext2D,
  card: Card,
  left: number,
  top: number,
  look: MapLook,
): void {
  const { layout } = look;
  const grid = podGrid(layout, card.pods.length);
  if (!grid) return;
  const pitch = grid.pod + 1;
  for (let index = 0; index < card.pods.length; index += 1) {
    const pod = card.pods[index] as ScenePod;
    const x = left + grid.inset + (index % grid.perRow) * pitch;
    const y = top + grid.inset + Math.floor(index / grid.perRow) * pitch;
    context.globalAlpha = (look.isDim?.(pod) ? 0.18 : 1) * (card.node.ready ? 1 : 0.55);
    drawPod(context, pod, x, y, grid.pod, look);
  }
}

/** Small as it is: filled when running, a frame while starting, tone and mark when in trouble. */
function drawPod(
  context: CanvasRenderingContext2D,
  pod: ScenePod,
  x: number,
  y: number,
  size: number,
  look: MapLook,
): void {
  const { palette } = look;
  const { mark, tone } = STATES[pod.state];
  const own = palette.hue(look.hues.get(workloadOf(pod)) ?? SYSTEM_HUE);
  const color = mark === "ring" && tone === "run" ? own : (palette.tones[tone] as string);
  context.fillStyle = color;
  if (mark === "hollow" || mark === "pull") {
    frame(context, x, y, size, Math.max(1, size / 6));
  } else if (mark === "hatch") {
    context.globalAlpha *= 0.5;
    frame(context, x, y, size, Math.max(1, size / 5));
  } else {
    context.fillRect(x, y, size, size);
    if (mark === "cross" && size >= 6) cross(context, x, y, size, palette.cell);
  }
  if (look.selectedPod === pod.key || look.focusedKey === `pod/${pod.key}`) {
    context.globalAlpha = 1;
    context.fillStyle = palette.text;
    frame(context, x - 2, y - 2, size + 4, 1.5);
  }
  const fresh = look.fresh.get(pod.key);
  if (fresh !== undefined) {
    context.globalAlpha = fresh;
    context.fillStyle = palette.accent;
    frame(context, x - 1, y - 1, size + 2, 1);
  }
}

function frame(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  width: number,
): void {
  context.fillRect(x, y, size, width);
  context.fillRect(x, y + size - width, size, width);
  context.fillRect(x, y, width, size);
  context.fillRect(x + size - width, y, width, size);
}

function cross(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  color: string,
): void {
  const inset = size * 0.28;
  context.beginPath();
  context.moveTo(x + inset, y + inset);
  context.lineTo(x + size - inset, y + size - inset);
  context.moveTo(x + size - inset, y + inset);
  context.lineTo(x + inset, y + size - inset);
  context.strokeStyle = color;
  context.lineWidth = Math.max(1, size / 8);
  context.stroke();
}

/** Too small for pods: how much of the node is asked for, and a corner when a pod is in trouble. */
function drawShare(
  context: CanvasRenderingContext2D,
  card: Card,
  left: number,
  top: number,
  look: MapLook,
): void {
  const { layout, palette } = look;
  const allocatable = card.node.cpu?.allocatable || 1;
  const share = Math.min(1, (card.node.cpu?.requested ?? 0) / allocatable);
  const isBad = card.pods.some((pod) => STATES[pod.state].tone === "fail");
  context.fillStyle = palette.accent;
  const height = Math.round(share * (layout.cell - 2));
  context.fillRect(left + 1, top + layout.cell - 1 - height, layout.cell - 2, height);
  if (!isBad) return;
  const corner = Math.max(2, Math.floor(layout.cell / 3));
  context.fillStyle = palette.tones["fail"] as string;
  context.fillRect(left + layout.cell - 1 - corner, top + 1, corner, corner);
}
