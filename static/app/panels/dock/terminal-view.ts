/** A terminal of the server on the page; a chunk of its own, loaded when the first one is shown. */
import { FitAddon } from "@xterm/addon-fit";
import { Terminal, type ITheme } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import type { TerminalClientFrame, TerminalFrame } from "../../protocol/frames";
import type { KeyboardClientFrame, KeyboardFrame } from "../../protocol/people";
import { gather } from "../../protocol/gather";
import { Socket, type Connection } from "../../protocol/socket";
import { isReport } from "./keyboard-strip";

/** The server takes so many messages a second: fast typing goes in fewer, larger ones. */
const TYPING_PAUSE_MS = 16;

export interface TerminalOptions {
  url: string;
  label: string;
  /** Whether the person may type at all, and who that is. */
  mayType: () => boolean;
  me: () => string;
  onKeyboard: (frame: KeyboardFrame) => void;
  onState: (state: Connection) => void;
  onExit: (code: number, message: string) => void;
  onLeave: () => void;
}

export interface TerminalView {
  /** Fits the rows and columns to the place it has; does nothing while hidden. */
  fit(): void;
  focus(): void;
  /** Types for the person. */
  type(text: string): void;
  retheme(): void;
  /** Something about the keyboard. */
  say(frame: KeyboardClientFrame): void;
  /** Whether the person may type has changed. */
  mayTypeChanged(): void;
  close(): void;
}

const FONT = '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, Menlo, monospace';
const SCROLLBACK_LINES = 5000;

export async function createTerminal(
  host: HTMLElement,
  options: TerminalOptions,
): Promise<TerminalView> {
  await document.fonts.load(`12.5px ${FONT}`).catch(() => undefined);
  const terminal = new Terminal({
    fontFamily: FONT,
    fontSize: 12.5,
    lineHeight: 1.35,
    cursorBlink: false,
    cursorStyle: "block",
    cursorInactiveStyle: "outline",
    scrollback: SCROLLBACK_LINES,
    screenReaderMode: true,
    macOptionIsMeta: true,
    disableStdin: !options.mayType(),
    theme: readTheme(host),
  });
  const fitter = new FitAddon();
  terminal.loadAddon(fitter);
  terminal.open(host);
  host.querySelector("textarea")?.setAttribute("aria-label", options.label);
  const shared = new SharedTerminal(options.me);
  const hasPlace = () => host.offsetWidth > 40 && host.offsetHeight > 20;
  const fit = () => {
    if (!hasPlace()) return;
    if (options.mayType() && shared.isSizedHere) fitter.fit();
    else terminal.resize(shared.columns, shared.rows);
  };
  const tellSize = () => {
    if (!hasPlace() || !options.mayType() || !shared.isSizedHere) return;
    socket.send({ type: "resize", columns: terminal.cols, rows: terminal.rows });
  };
  // The first fit comes before the connection, so that its size is told when that is ready.
  const socket = connect(terminal, options, shared, fit, tellSize);
  const type = gather({
    pauseMs: TYPING_PAUSE_MS,
    send: (data) => socket.send({ type: "input", data }),
  });
  terminal.onData((data) => {
    if (options.mayType() && (shared.isMine || !isReport(data))) type(data);
  });
  terminal.onResize(tellSize);
  terminal.attachCustomKeyEventHandler((event) => !isForThePage(event, options.onLeave));
  fit();
  socket.start();
  const observer = new ResizeObserver(fit);
  observer.observe(host);
  return {
    fit,
    focus: () => terminal.focus(),
    type: (text) => {
      if (options.mayType()) socket.send({ type: "input", data: text });
    },
    retheme: () => (terminal.options.theme = readTheme(host)),
    say: (frame) => socket.send(frame),
    mayTypeChanged: () => {
      terminal.options.disableStdin = !options.mayType();
      fit();
    },
    close: () => {
      observer.disconnect();
      socket.close();
      terminal.dispose();
    },
  };
}

/** Whose keys count and whose window gives the size, as the server said last. */
class SharedTerminal {
  columns = 80;
  rows = 24;
  private holder: string | null = null;
  private readonly me: () => string;

  constructor(me: () => string) {
    this.me = me;
  }

  take(frame: KeyboardFrame): void {
    this.holder = frame.holder?.id ?? null;
  }

  get isMine(): boolean {
    return this.holder === this.me();
  }

  /** This window gives the size: who has the keyboard sees all of it. */
  get isSizedHere(): boolean {
    return this.holder === null || this.isMine;
  }
}

function connect(
  terminal: Terminal,
  options: TerminalOptions,
  shared: SharedTerminal,
  fit: () => void,
  tellSize: () => void,
): Socket<TerminalFrame, TerminalClientFrame> {
  let lastSeq = 0;
  return new Socket<TerminalFrame, TerminalClientFrame>({
    url: options.url,
    onState: options.onState,
    onFrame: (frame) => {
      if (frame.type === "ready") {
        if (frame.seq !== lastSeq) terminal.reset();
        lastSeq = frame.seq;
        shared.columns = frame.columns ?? 80;
        shared.rows = frame.rows ?? 24;
        fit();
        tellSize();
      } else if (frame.type === "size") {
        shared.columns = frame.columns;
        shared.rows = frame.rows;
        fit();
      } else if (frame.type === "keyboard") {
        shared.take(frame);
        options.onKeyboard(frame);
        fit();
      } else if (frame.type === "output") {
        if (frame.seq <= lastSeq) return;
        lastSeq = frame.seq;
        terminal.write(frame.data);
      } else if (frame.type === "exit") {
        options.onExit(frame.code, frame.message ?? "");
      } else if (frame.type === "error") {
        terminal.write(`\r\n${frame.message}\r\n`);
      }
    },
  });
}

/** Shift+Esc leaves the terminal, so that the keyboard is never caught; ⌘K is the palette's. */
function isForThePage(event: KeyboardEvent, leave: () => void): boolean {
  if (event.type !== "keydown") return false;
  if (event.key === "Escape" && event.shiftKey) {
    leave();
    return true;
  }
  return event.metaKey && event.key.toLowerCase() === "k";
}

/** The tokens as colours for the terminal. */
function readTheme(host: HTMLElement): ITheme {
  const probe = document.createElement("span");
  host.append(probe);
  const token = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const theme: ITheme = {
    background: token("surface"),
    foreground: token("text"),
    cursor: token("accent"),
    cursorAccent: token("surface"),
    selectionBackground: token("terminal-selection"),
    black: token("terminal-black"),
    red: token("fail"),
    green: token("run"),
    yellow: token("wait"),
    blue: token("code-key"),
    magenta: token("terminal-magenta"),
    cyan: token("accent"),
    white: token("muted"),
    brightBlack: token("faint"),
    brightRed: token("fail"),
    brightGreen: token("run"),
    brightYellow: token("wait"),
    brightBlue: token("done"),
    brightMagenta: token("terminal-magenta"),
    brightCyan: token("accent-strong"),
    brightWhite: token("text"),
  };
  probe.remove();
  return theme;
}
