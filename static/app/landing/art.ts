/** Draws the story with SVG and lets it run; without motion it shows the end and stands still. */
import {
  ARRIVALS,
  CARD_SIZE,
  cardSpot,
  HEIGHT,
  load,
  NODES,
  QUEUE,
  slotSpot,
  TILE_SIZE,
  WIDTH,
  type Arrival,
  type Spot,
} from "./story";

const SVG = "http://www.w3.org/2000/svg";
const STEP_MS = 1900;
const JUDGE_MS = 620;
const TRAVEL_MS = 560;
const REST_MS = 3200;

export function drawYard(host: HTMLElement): void {
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "yard-art" });
  const cards = NODES.map((name, node) => drawCard(svg, name, node));
  drawScheduler(svg);
  host.append(svg);
  const yard = new Yard(svg, cards);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) yard.showAll();
  else yard.run();
}

interface CardParts {
  group: SVGElement;
  verdict: SVGElement;
  cpu: SVGElement;
  memory: SVGElement;
}

class Yard {
  private tiles: SVGElement[] = [];

  constructor(
    private readonly svg: SVGElement,
    private readonly cards: readonly CardParts[],
  ) {}

  showAll(): void {
    for (const arrival of ARRIVALS) this.settle(this.makeTile(arrival), arrival);
    this.showLoad(ARRIVALS.length);
  }

  run(): void {
    let at = 0;
    const next = () => {
      if (document.hidden) {
        setTimeout(next, STEP_MS);
        return;
      }
      const arrival = ARRIVALS[at];
      if (!arrival) {
        at = 0;
        setTimeout(() => {
          this.clear();
          setTimeout(next, 900);
        }, REST_MS);
        return;
      }
      at += 1;
      this.arrive(arrival, at);
      setTimeout(next, STEP_MS);
    };
    this.showLoad(0);
    setTimeout(next, 500);
  }

  private arrive(arrival: Arrival, count: number): void {
    const tile = this.makeTile(arrival);
    tile.classList.add("waiting");
    put(tile, QUEUE);
    tile.animate(
      [
        { opacity: 0, transform: move(QUEUE, -10) },
        { opacity: 1, transform: move(QUEUE) },
      ],
      { duration: 260, easing: "ease-out" },
    );
    setTimeout(() => this.judge(arrival), 220);
    setTimeout(() => this.travel(tile, arrival, count), JUDGE_MS);
  }

  private judge(arrival: Arrival): void {
    const refused = arrival.refused;
    if (refused) this.mark(refused.node, "out", refused.reason);
    setTimeout(() => this.mark(arrival.node, "win", "chosen"), 200);
  }

  private mark(node: number, tone: "out" | "win", words: string): void {
    const card = this.cards[node];
    if (!card) return;
    card.group.classList.add(tone);
    card.verdict.textContent = words;
    setTimeout(() => {
      card.group.classList.remove(tone);
      card.verdict.textContent = "";
    }, JUDGE_MS + TRAVEL_MS);
  }

  private travel(tile: SVGElement, arrival: Arrival, count: number): void {
    const spot = slotSpot(arrival.node, arrival.slot);
    const middle = { x: (QUEUE.x + spot.x) / 2, y: QUEUE.y + (spot.y - QUEUE.y) * 0.35 };
    put(tile, spot);
    tile.animate(
      [
        { transform: move(QUEUE) },
        { transform: move(middle), offset: 0.45 },
        { transform: move(spot) },
      ],
      { duration: TRAVEL_MS, easing: "cubic-bezier(0.3, 0.6, 0.2, 1)" },
    ).onfinish = () => {
      tile.classList.remove("waiting");
      tile.classList.add("running");
    };
    setTimeout(() => this.showLoad(count), TRAVEL_MS);
  }

  private settle(tile: SVGElement, arrival: Arrival): void {
    put(tile, slotSpot(arrival.node, arrival.slot));
    tile.classList.add("running");
  }

  private clear(): void {
    for (const tile of this.tiles) {
      tile.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 700, fill: "forwards" }).onfinish =
        () => tile.remove();
    }
    this.tiles = [];
    this.showLoad(0);
  }

  private showLoad(count: number): void {
    this.cards.forEach((card, node) => {
      const { cpu, memory } = load(node, count);
      card.cpu.style.transform = `scaleX(${cpu})`;
      card.memory.style.transform = `scaleX(${memory})`;
    });
  }

  private makeTile(arrival: Arrival): SVGElement {
    const group = shape("g", { class: "art-tile hued" });
    group.style.setProperty("--hue", String(arrival.hue));
    const side = String(TILE_SIZE);
    group.append(
      shape("rect", { class: "art-tile-fill", width: side, height: side, rx: "10" }),
      shape("rect", {
        class: "art-tile-ring",
        width: side,
        height: side,
        rx: "10",
        pathLength: "100",
      }),
      text(arrival.letters, TILE_SIZE / 2, TILE_SIZE / 2 + 4, "art-tile-text"),
    );
    this.svg.append(group);
    this.tiles.push(group);
    return group;
  }
}

function drawCard(svg: SVGElement, name: string, node: number): CardParts {
  const group = shape("g", { class: "art-card" });
  group.style.transform = move(cardSpot(node));
  const { width, height } = CARD_SIZE;
  const verdict = text("", 16, height - 14, "art-verdict");
  const cpu = shape("rect", {
    class: "art-bar used",
    x: "16",
    y: "36",
    width: "140",
    height: "5",
    rx: "2.5",
  });
  const memory = shape("rect", {
    class: "art-bar used",
    x: "16",
    y: "45",
    width: "140",
    height: "5",
    rx: "2.5",
  });
  const content = shape("g", { class: "art-card-content" });
  content.append(
    shape("circle", { class: "art-light", cx: "20", cy: "19", r: "3.5" }),
    text(name, 30, 23.5, "art-name"),
    shape("rect", { class: "art-bar", x: "16", y: "36", width: "140", height: "5", rx: "2.5" }),
    cpu,
    shape("rect", { class: "art-bar", x: "16", y: "45", width: "140", height: "5", rx: "2.5" }),
    memory,
    ...slots(),
  );
  group.append(
    shape("rect", {
      class: "art-card-ground",
      x: "0.5",
      y: "0.5",
      width: String(width - 1),
      height: String(height - 1),
      rx: "10",
    }),
    content,
    verdict,
  );
  svg.append(group);
  return { group, verdict, cpu, memory };
}

function slots(): SVGElement[] {
  const origin = cardSpot(0);
  return Array.from({ length: 9 }, (_, slot) => {
    const spot = slotSpot(0, slot);
    return shape("circle", {
      class: "art-slot",
      cx: String(spot.x - origin.x + TILE_SIZE / 2),
      cy: String(spot.y - origin.y + TILE_SIZE / 2),
      r: "1.5",
    });
  });
}

function drawScheduler(svg: SVGElement): void {
  const group = shape("g", { class: "art-scheduler" });
  group.style.transform = move({ x: WIDTH / 2 - 54, y: 8 });
  group.append(
    shape("rect", { x: "0.5", y: "0.5", width: "107", height: "31", rx: "7" }),
    shape("circle", { class: "art-light", cx: "17", cy: "16", r: "3.5" }),
    text("scheduler", 28, 20.5, "art-name"),
  );
  svg.append(group);
}

function shape(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function text(words: string, x: number, y: number, name: string): SVGElement {
  const element = shape("text", { x: String(x), y: String(y), class: name });
  element.textContent = words;
  return element;
}

function put(tile: SVGElement, spot: Spot): void {
  tile.style.transform = move(spot);
}

function move(spot: Spot, dy = 0): string {
  return `translate(${spot.x}px, ${spot.y + dy}px)`;
}
