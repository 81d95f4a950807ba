/** The page's colours for a canvas: read from the tokens, once for each theme. */
export interface Palette {
  ground: string;
  cell: string;
  line: string;
  text: string;
  accent: string;
  tones: Record<string, string>;
  hue(hue: number): string;
}

/** The tokens as colours a canvas understands. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement("span");
  host.append(probe);
  const read = (value: string) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const token = (name: string) => read(`var(--${name})`);
  const isDark =
    getComputedStyle(document.documentElement).colorScheme === "dark" ||
    document.documentElement.dataset["theme"] === "dark";
  const hues = new Map<number, string>();
  const palette: Palette = {
    ground: token("bg"),
    cell: token("raised"),
    line: token("line"),
    text: token("text"),
    accent: token("accent"),
    tones: Object.fromEntries(
      ["run", "wait", "fail", "done", "gone"].map((tone) => [tone, token(tone)]),
    ),
    hue(hue) {
      let color = hues.get(hue);
      if (color === undefined) {
        const grey = isDark ? "oklch(0.62 0.02 240)" : "oklch(0.7 0.02 240)";
        const own = isDark ? `oklch(0.7 0.11 ${hue})` : `oklch(0.64 0.12 ${hue})`;
        hues.set(hue, (color = hue < 0 ? grey : own));
      }
      return color;
    },
  };
  probe.remove();
  return palette;
}
