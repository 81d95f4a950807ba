/** What this page's editor shows, for those who look over one's shoulder. Set by the editor. */
import { signal } from "@preact/signals-core";

export interface Editing {
  file: string;
  /** Characters from 0. */
  anchor: number;
  head: number;
  /** The first line that is seen, from 1. */
  top: number;
  line: number;
  column: number;
  lines: number;
  /** Rises with each change of the text. */
  version: number;
  text: () => string;
}

export const editing = signal<Editing | null>(null);
/** Whether the keyboard is in the editor. */
export const isEditing = signal(false);
