/** Moves tiles from where they waited to the node that was chosen, once both are drawn. */
import { mayMove } from "../../session/motion";
import { travelTimes } from "./flourish";

const TRAVELLERS_MAX = 60;

/** Where the tiles of the lane stand now, by pod key; asked for before they leave it. */
export function lanePlaces(lane: HTMLElement | undefined): Map<string, DOMRect> {
  const places = new Map<string, DOMRect>();
  for (const tile of lane?.querySelectorAll<HTMLElement>(".tile") ?? []) {
    const box = tile.getBoundingClientRect();
    if (box.width > 2) places.set(tile.dataset["key"] ?? "", box);
  }
  return places;
}

/** Lets the tiles of new pods travel from the lane, or from the scheduler, to their cards. */
export function travel(
  root: HTMLElement,
  keys: readonly string[],
  from: ReadonlyMap<string, DOMRect>,
  isLesson: boolean,
): void {
  const scheduler = root.querySelector('[data-part="scheduler"]')?.getBoundingClientRect();
  const { delay, duration } = travelTimes(isLesson);
  const steps: { tile: HTMLElement; start: DOMRect; end: DOMRect }[] = [];
  for (const key of keys.slice(0, TRAVELLERS_MAX)) {
    const tile = root.querySelector<HTMLElement>(`.card .tile[data-key="${CSS.escape(key)}"]`);
    const start = from.get(key) ?? scheduler;
    if (tile && start) steps.push({ tile, start, end: tile.getBoundingClientRect() });
  }
  for (const { tile, start, end } of steps) {
    if (mayMove()) move(tile, start, end, delay, duration);
    else outline(tile);
  }
}

function move(
  tile: HTMLElement,
  start: DOMRect,
  end: DOMRect,
  delay: number,
  duration: number,
): void {
  const x = start.left + start.width / 2 - (end.left + end.width / 2);
  const y = start.top + start.height / 2 - (end.top + end.height / 2);
  const card = tile.closest<HTMLElement>(".card");
  card?.classList.add("receiving");
  const animation = tile.animate(
    [
      { transform: `translate(${x}px, ${y}px) scale(0.8)`, opacity: 0.4 },
      { transform: `translate(${x}px, ${y}px) scale(0.9)`, opacity: 1, offset: 0.05 },
      { transform: "none", opacity: 1 },
    ],
    { duration, delay, easing: "cubic-bezier(0.3, 0.7, 0.2, 1)", fill: "backwards" },
  );
  animation.onfinish = () => card?.classList.remove("receiving");
}

/** Without motion: a brief outline where the pod now is. */
function outline(tile: HTMLElement): void {
  tile.animate([{ outline: "2px solid var(--accent)" }, { outline: "2px solid var(--accent)" }], {
    duration: 900,
  });
}
