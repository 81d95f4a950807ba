/** A terminal of the server on the page; a chunk of its own, loaded when the first one is shown. */
import { FitAddon } from "@xterm/addon-fit";
import { Terminal, type ITheme } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import type { TerminalClientFrame, TerminalFrame } from "../../protocol/frames";
import { gather } from "../../protocol/gather";
import { Socket, type Connection } from "../../protocol/socket";

/** The server takes so many messages a second: fast typing goes in fewer, larger ones. */
const TYPING_PAUSE_MS = 16;

export interface TerminalOptions {
  url: string;
  label: string;
  isReadOnly: boolean;
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
    disableStdin: options.isReadOnly,
    theme: readTheme(host),
  });
  const fitter = new FitAddon();
  terminal.loadAddon(fitter);
  terminal.open(host);
  host.querySelector("textarea")?.setAttribute("aria-label", options.label);
  const socket = connect(terminal, options);
  if (!options.isReadOnly) {
    const type = gather({
      pauseMs: TYPING_PAUSE_MS,
      send: (data) => socket.send({ type: "input", data }),
    });
    terminal.onData(type);
    terminal.onResize(({ cols, rows }) => socket.send({ type: "resize", columns: cols, rows }));
  }
  terminal.attachCustomKeyEventHandler((event) => !isForThePage(event, options.onLeave));
  const fit = () => {
    const hasRoom = host.offsetWidth > 40 && host.offsetHeight > 20;
    if (hasRoom && !options.isReadOnly) fitter.fit();
  };
  fit();
  socket.start();
  const observer = new ResizeObserver(fit);
  observer.observe(host);
  return {
    fit,
    focus: () => terminal.focus(),
    type: (text) => {
      if (!options.isReadOnly) socket.send({ type: "input", data: text });
    },
    retheme: () => (terminal.options.theme = readTheme(host)),
    close: () => {
      observer.disconnect();
      socket.close();
      terminal.dispose();
    },
  };
}

function connect(
  terminal: Terminal,
  options: TerminalOptions,
): Socket<TerminalFrame, TerminalClientFrame> {
  let lastSeq = 0;
  return new Socket<TerminalFrame, TerminalClientFrame>({
    url: options.url,
    onState: options.onState,
    onFrame: (frame) => {
      if (frame.type === "ready") {
        if (frame.seq !== lastSeq) terminal.reset();
        lastSeq = frame.seq;
        if (options.isReadOnly) terminal.resize(frame.columns ?? 80, frame.rows ?? 24);
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
