/** A person's face: letters in a circle of their colour. The same everywhere. */
import { html, type TemplateResult } from "lit";

interface Named {
  id: string;
  name: string;
}

export function face(person: Named, small = false): TemplateResult {
  return html`<span
    class="face ${small ? "small" : ""}"
    style=${faceStyle(person)}
    aria-hidden="true"
    >${initials(person.name)}</span
  >`;
}

export function faceStyle(person: Named): string {
  return `--face:${faceColor(person)}`;
}

export function initials(name: string): string {
  const letters = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? "")
    .join("");
  return [...letters].slice(0, 2).join("").toUpperCase();
}

/** A colour that white letters stand on well, whatever the name: the id decides, it never changes. */
function faceColor(person: Named): string {
  let sum = 0;
  for (const letter of person.id) sum = (sum * 31 + letter.charCodeAt(0)) % 360;
  return `oklch(0.5 0.1 ${sum})`;
}
