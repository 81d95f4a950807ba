/** Arrow keys walk the picture: left and right from one to the next, up and down between nodes. */

/** The things one can walk to, in reading order. */
function stops(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[data-walk]")];
}

/** Lets exactly one stop be reached with Tab: where one was last, or the first. */
export class OneStop {
  private current: HTMLElement | null = null;

  constructor(private readonly root: HTMLElement) {}

  keep(): void {
    if (this.current?.isConnected && this.current.tabIndex === 0) return;
    this.set(this.root.querySelector<HTMLElement>("[data-walk]"));
  }

  /** Marks a stop as the one that Tab comes back to. */
  note(target: EventTarget | null): void {
    if (target instanceof HTMLElement && target.hasAttribute("data-walk")) this.set(target);
  }

  private set(stop: HTMLElement | null): void {
    if (this.current && this.current !== stop) this.current.tabIndex = -1;
    this.current = stop;
    if (stop) stop.tabIndex = 0;
  }
}

export function walk(root: HTMLElement, event: KeyboardEvent): void {
  const from = event.target;
  if (!(from instanceof HTMLElement) || !from.hasAttribute("data-walk")) return;
  const next = target(root, from, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function target(root: HTMLElement, from: HTMLElement, key: string): HTMLElement | null {
  const all = stops(root);
  const at = all.indexOf(from);
  switch (key) {
    case "ArrowRight":
      return all[at + 1] ?? null;
    case "ArrowLeft":
      return all[at - 1] ?? null;
    case "Home":
      return all[0] ?? null;
    case "End":
      return all[all.length - 1] ?? null;
    case "ArrowDown":
      return otherGroup(root, from, 1);
    case "ArrowUp":
      return otherGroup(root, from, -1);
    default:
      return null;
  }
}

/** The same place in the next or the previous node. */
function otherGroup(root: HTMLElement, from: HTMLElement, step: number): HTMLElement | null {
  const groups = [...root.querySelectorAll<HTMLElement>('[data-testid="node"], .lane-group')];
  const here = from.closest<HTMLElement>('[data-testid="node"], .lane-group');
  const next = here ? groups[groups.indexOf(here) + step] : undefined;
  if (!here || !next) return null;
  const place = stops(here).indexOf(from);
  const there = stops(next);
  return there[Math.min(place, there.length - 1)] ?? null;
}
