/** Somebody else's editor, to look at: their text, their cursor, what they marked. */
import { yaml } from "@codemirror/lang-yaml";
import { syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, lineNumbers, WidgetType, type DecorationSet } from "@codemirror/view";
import type { Mirror } from "../../protocol/people";
import { HIGHLIGHT } from "./code";

export interface MirrorView {
  show(mirror: Mirror, name: string): void;
  close(): void;
}

interface Cursor {
  anchor: number;
  head: number;
  name: string;
}

const setCursor = StateEffect.define<Cursor>();

/** The other's cursor, with a name on it. */
class Caret extends WidgetType {
  constructor(private readonly name: string) {
    super();
  }

  override eq(other: Caret): boolean {
    return other.name === this.name;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement("span");
    caret.className = "mirror-caret";
    caret.dataset["name"] = this.name;
    caret.ariaHidden = "true";
    return caret;
  }
}

const cursorField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setCursor)) return decorations(effect.value);
    }
    return shown.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorations({ anchor, head, name }: Cursor): DecorationSet {
  const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
  const caret = Decoration.widget({ widget: new Caret(name), side: 1 }).range(head);
  if (from === to) return Decoration.set([caret]);
  return Decoration.set([Decoration.mark({ class: "mirror-marked" }).range(from, to), caret], true);
}

export function createMirror(parent: HTMLElement): MirrorView {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        yaml(),
        syntaxHighlighting(HIGHLIGHT),
        cursorField,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "The editor you follow" }),
      ],
    }),
  });
  return {
    show(mirror, name) {
      const text = mirror.text ?? "";
      const isNew = text !== view.state.doc.toString();
      const within = (at: number | undefined) => Math.min(at ?? 0, text.length);
      const anchor = within(mirror.anchor);
      const head = within(mirror.head);
      view.dispatch({
        ...(isNew ? { changes: { from: 0, to: view.state.doc.length, insert: text } } : {}),
        effects: setCursor.of({ anchor, head, name }),
      });
      scrollTo(view, mirror.top ?? 1, head);
    },
    close: () => view.destroy(),
  };
}

/** The leader's first line is this one's too; should the window be lower, the cursor wins. */
function scrollTo(view: EditorView, top: number, head: number): void {
  const { doc } = view.state;
  const first = doc.line(Math.max(1, Math.min(top, doc.lines)));
  view.dispatch({ effects: EditorView.scrollIntoView(first.from, { y: "start" }) });
  view.dispatch({ effects: EditorView.scrollIntoView(head, { y: "nearest" }) });
}
