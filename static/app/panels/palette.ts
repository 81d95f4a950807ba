/** ⌘K: everything there is and everything one can do, found by typing. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import commandIcon from "lucide-static/icons/corner-down-right.svg?raw";
import searchIcon from "lucide-static/icons/search.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { FACES } from "../kinds/registry";
import { select } from "../session/objects";
import type { Ref, RefKind } from "../state/state";
import { dialog, dispatch, peek } from "../state/store";
import { commands } from "./commands";
import { find } from "./finding";

interface Entry {
  title: string;
  shown: string;
  note: string;
  icon: string;
  keys?: string;
  run: () => void;
}

const SHOWN_MAX = 12;

export class Palette extends LiveElement {
  private readonly query = signal("");
  private readonly at = signal(0);
  private entries: Entry[] = [];

  protected override render(): TemplateResult {
    const isOpen = dialog.value === "palette";
    const found = isOpen ? find(this.entries, this.query.value, SHOWN_MAX) : [];
    const at = Math.min(this.at.value, Math.max(0, found.length - 1));
    return html`<dialog
      class="dialog palette"
      aria-label="Find anything"
      @close=${() => dialog.peek() === "palette" && dispatch({ type: "dialog", dialog: null })}
      @click=${(event: MouseEvent) => {
        if (event.target === event.currentTarget) dispatch({ type: "dialog", dialog: null });
      }}
    >
      <div class="palette-inner">
        <label class="palette-field">
          ${icon(searchIcon)}<span class="hidden-text">Find</span>
          <input
            type="text"
            autocomplete="off"
            spellcheck="false"
            placeholder="Find a pod, a node, or something to do"
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant=${found.length ? `palette-${at}` : nothing}
            .value=${this.query.value}
            @input=${(event: Event) => {
              this.query.value = (event.target as HTMLInputElement).value;
              this.at.value = 0;
            }}
            @keydown=${(event: KeyboardEvent) => this.key(event, found, at)}
          />
        </label>
        <ul class="palette-list" id="palette-list" role="listbox" aria-label="Found">
          ${found.map((entry, index) => this.entryTemplate(entry, index, index === at))}
        </ul>
        ${
          isOpen && found.length === 0
            ? html`<p class="palette-none">Nothing is called that.</p>`
            : nothing
        }
      </div>
    </dialog>`;
  }

  private entryTemplate(entry: Entry, index: number, isOn: boolean): TemplateResult {
    return html`<li
      id="palette-${index}"
      class="palette-entry ${isOn ? "on" : ""}"
      role="option"
      aria-selected=${isOn ? "true" : "false"}
      @pointermove=${() => (this.at.value = index)}
      @click=${() => this.run(entry)}
    >
      ${icon(entry.icon, "small")}<span class="palette-title">${entry.shown}</span>
      <span class="palette-note">${entry.note}</span>
      ${entry.keys ? html`<kbd>${entry.keys}</kbd>` : nothing}
    </li>`;
  }

  protected override willUpdate(): void {
    const isOpen = dialog.peek() === "palette";
    if (isOpen && this.entries.length === 0) this.entries = [...everything()];
    if (!isOpen) this.entries = [];
  }

  protected override updated(): void {
    const element = this.querySelector("dialog");
    const isOpen = dialog.value === "palette";
    if (isOpen && !element?.open) {
      this.query.value = "";
      this.at.value = 0;
      element?.showModal();
      this.querySelector("input")?.focus();
    } else if (!isOpen && element?.open) {
      element.close();
    }
    this.querySelector(".palette-entry.on")?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent, found: Entry[], at: number): void {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 };
    const next = steps[event.key];
    if (next !== undefined && found.length) {
      event.preventDefault();
      this.at.value = (next + found.length) % found.length;
    } else if (event.key === "Enter") {
      event.preventDefault();
      const entry = found[at];
      if (entry) this.run(entry);
    }
  }

  private run(entry: Entry): void {
    dispatch({ type: "dialog", dialog: null });
    entry.run();
  }
}

customElements.define("py-palette", Palette);

function* everything(): Iterable<Entry> {
  for (const command of commands()) {
    yield {
      title: command.title,
      shown: command.title,
      note: command.group,
      icon: commandIcon,
      run: command.run,
      ...(command.keys ? { keys: command.keys } : {}),
    };
  }
  const { scene } = peek();
  yield* objects("workload", scene.workloads.keys());
  yield* objects("service", scene.services.keys());
  yield* objects("volume", scene.volumes.keys());
  yield* objects("node", scene.nodes.keys());
  yield* objects("pod", scene.pods.keys());
}

function* objects(kind: RefKind, keys: Iterable<string>): Iterable<Entry> {
  const face = FACES[kind];
  for (const key of keys) {
    const ref: Ref = { kind, key };
    const { namespace, name } = face.parts(key);
    const noun = face.kind(key);
    yield {
      title: `${name} ${noun.toLowerCase()} ${namespace}`,
      shown: name,
      note: [noun, namespace].filter(Boolean).join(" in "),
      icon: face.icon,
      run: () => select(ref),
    };
  }
}
