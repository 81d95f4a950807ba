/** The YAML editor itself; a chunk of its own, loaded after the page is there. */
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, linter, setDiagnostics, type Action, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Problem } from "../../api/playground";
import { checkText, type Found } from "../../schema/check";
import { ServerSchemas } from "../../schema/source";
import { completeYaml, hoverYaml } from "./assist";

export interface CodeOptions {
  text: string;
  isReadOnly: boolean;
  onChange: (text: string) => void;
  onApply: () => void;
  onProblems: (problems: readonly Found[]) => void;
  /** The text, the cursor, the scroll or the focus is another. */
  onView?: (seen: Seen) => void;
}

/** What the editor shows; positions are characters from 0, lines count from 1. */
export interface Seen {
  anchor: number;
  head: number;
  top: number;
  line: number;
  column: number;
  lines: number;
  isFocused: boolean;
  hasNewText: boolean;
  text: () => string;
}

export interface Code {
  setText(text: string): void;
  setReadOnly(isReadOnly: boolean): void;
  /** Problems that only the server could see; they stay until the text changes. */
  setServerProblems(problems: readonly Problem[]): void;
  goTo(line: number, column?: number): void;
  focus(): void;
}

const CHECK_DELAY_MS = 250;

export const HIGHLIGHT = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.meta, tags.keyword, tags.labelName], color: "var(--muted)" },
  { tag: tags.separator, color: "var(--muted)" },
]);

export function createCode(parent: HTMLElement, options: CodeOptions): Code {
  const source = new ServerSchemas();
  const readOnly = new Compartment();
  let isSetting = false;
  let serverProblems: readonly Problem[] = [];
  const check = linter(
    async (view) => {
      const found = await checkText(view.state.doc.toString(), source);
      const all = [...found, ...fresh(serverProblems, found)];
      options.onProblems(all);
      return all.map((one) => diagnostic(view, one));
    },
    { delay: CHECK_DELAY_MS },
  );
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        ...basics(),
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (options.onApply(), true) }])),
        autocompletion({ override: [completeYaml(source)], icons: false }),
        hoverYaml(source),
        check,
        lintGutter(),
        readOnly.of(EditorState.readOnly.of(options.isReadOnly)),
        EditorView.domEventHandlers({ scroll: (_event, shown) => options.onView?.(seen(shown)) }),
        EditorView.updateListener.of((update) => {
          const { docChanged, selectionSet, focusChanged } = update;
          if (docChanged || selectionSet || focusChanged) {
            options.onView?.(seen(update.view, docChanged));
          }
          if (!docChanged) return;
          serverProblems = [];
          if (!isSetting) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  options.onView?.(seen(view));
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      isSetting = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      isSetting = false;
    },
    setReadOnly(isReadOnly) {
      view.dispatch({ effects: readOnly.reconfigure(EditorState.readOnly.of(isReadOnly)) });
    },
    setServerProblems(problems) {
      serverProblems = problems;
      void relint(view, source, serverProblems, options);
    },
    goTo(line, column = 1) {
      const at = position(view, line, column);
      view.dispatch({
        selection: { anchor: at },
        effects: EditorView.scrollIntoView(at, { y: "center" }),
      });
      view.focus();
    },
    focus: () => view.focus(),
  };
}

function seen(view: EditorView, hasNewText = false): Seen {
  const { doc, selection } = view.state;
  const { anchor, head } = selection.main;
  const line = doc.lineAt(head);
  const top = view.lineBlockAtHeight(view.scrollDOM.scrollTop).from;
  return {
    anchor,
    head,
    top: doc.lineAt(top).number,
    line: line.number,
    column: head - line.from + 1,
    lines: doc.lines,
    isFocused: view.hasFocus,
    hasNewText,
    text: () => doc.toString(),
  };
}

function basics() {
  return [
    lineNumbers(),
    foldGutter({ openText: "▾", closedText: "▸" }),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    yaml(),
    syntaxHighlighting(HIGHLIGHT),
    placeholder("Paste Kubernetes YAML here, or pick an example."),
    EditorView.contentAttributes.of({
      "aria-label": "YAML editor. Escape, then Tab leaves it.",
      spellcheck: "false",
      tabindex: "0",
    }),
    keymap.of([
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      indentWithTab,
      ...defaultKeymap,
    ]),
  ];
}

/** The server's problems, but those that the page found by itself as well. */
function fresh(problems: readonly Problem[], found: readonly Found[]): Found[] {
  const lines = new Set(found.map((one) => one.line));
  return problems
    .filter((one) => !lines.has(one.line))
    .map((one) => ({
      line: one.line,
      column: one.column ?? 1,
      length: 0,
      message: one.message,
      severity: one.severity === "warning" ? "warning" : "error",
    }));
}

async function relint(
  view: EditorView,
  source: ServerSchemas,
  problems: readonly Problem[],
  options: CodeOptions,
): Promise<void> {
  const found = await checkText(view.state.doc.toString(), source);
  const all = [...found, ...fresh(problems, found)];
  options.onProblems(all);
  view.dispatch(
    setDiagnostics(
      view.state,
      all.map((one) => diagnostic(view, one)),
    ),
  );
}

function diagnostic(view: EditorView, found: Found): Diagnostic {
  const from = position(view, found.line, found.column);
  const line = view.state.doc.lineAt(from);
  const to = found.length ? Math.min(from + found.length, line.to) : line.to;
  const actions: Action[] = found.fix
    ? [
        {
          name: `Use ${found.fix}`,
          apply: (target, start, end) =>
            target.dispatch({ changes: { from: start, to: end, insert: found.fix ?? "" } }),
        },
      ]
    : [];
  return {
    from,
    to: Math.max(to, from),
    severity: found.severity,
    message: found.message,
    actions,
  };
}

function position(view: EditorView, line: number, column: number): number {
  const { doc } = view.state;
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  return Math.min(at.from + Math.max(0, column - 1), at.to);
}
