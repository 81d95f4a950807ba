/** The place of one terminal in the dock: waits, shows, says when the connection is away. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "../../elements/live";
import type { KeyboardClientFrame, KeyboardFrame } from "../../protocol/people";
import type { Connection } from "../../protocol/socket";
import { terminalUrl } from "../../session/context";
import { typeRequest } from "../../session/lesson";
import { mayWrite, say, session, theme, you } from "../../state/store";
import { keyboardStrip } from "./keyboard-strip";
import type { TerminalView } from "./terminal-view";

/** Who goes on pressing keys is told again after a while. */
const REFUSED_AGAIN_MS = 8000;

export class TerminalPanel extends LiveElement {
  static override properties = {
    number: { type: Number },
    label: {},
    isShown: { type: Boolean },
    takesFocus: { type: Boolean },
    onAgain: { attribute: false },
    onLost: { attribute: false },
    takesCommands: { type: Boolean },
  };

  declare number: number;
  declare label: string;
  declare isShown: boolean;
  /** Opened on purpose just now, so the keyboard goes there. */
  declare takesFocus: boolean;
  /** Opens another in its place when its program has ended. */
  declare onAgain: (() => void) | undefined;
  /** The server knows it no longer. */
  declare onLost: (() => void) | undefined;

  /** Commands of a lesson are typed here. */
  declare takesCommands: boolean;

  private readonly state = signal<Connection>("connecting");
  private readonly ended = signal("");
  private readonly keyboard = signal<KeyboardFrame | null>(null);
  private refusedAt = -Infinity;
  private view: TerminalView | null = null;
  private isLoading = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch(() => {
      void theme.value;
      requestAnimationFrame(() => this.view?.retheme());
    });
    this.watch(() => {
      void mayWrite.value;
      this.view?.mayTypeChanged();
    });
    this.watch(() => {
      if (typeRequest.value !== null) queueMicrotask(() => this.typeCommand());
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.view?.close();
    this.view = null;
    this.isLoading = false;
  }

  protected override render(): TemplateResult {
    return html`${this.strip()}
      <div class="terminal-host"></div>
      ${
        this.ended.value
          ? html`<p class="terminal-note">
              ${this.ended.value}
              ${
                this.onAgain && mayWrite.value
                  ? html`<button type="button" class="link" @click=${this.onAgain}>
                      Open again
                    </button>`
                  : nothing
              }
            </p>`
          : nothing
      }
      ${
        this.state.value === "reconnecting" && !this.ended.value
          ? html`<p class="terminal-note">Reconnecting. What you type is kept.</p>`
          : nothing
      }`;
  }

  private strip(): TemplateResult | typeof nothing {
    const [keyboard, me] = [this.keyboard.value, you.value];
    if (!keyboard || !me || this.ended.value) return nothing;
    return keyboardStrip({
      keyboard,
      me,
      mayType: mayWrite.value,
      mayOwn: session.value.share ?? false,
      say: (frame) => this.sayKeyboard(frame),
    });
  }

  private sayKeyboard(frame: KeyboardClientFrame): void {
    this.view?.say(frame);
    this.view?.focus();
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!this.isShown) return;
    if (!this.view && !this.isLoading) {
      this.isLoading = true;
      void this.load();
    } else if (changed.has("isShown")) {
      this.view?.fit();
      this.view?.focus();
    }
  }

  /** Types what a lesson asks for, once there is a terminal to type into. */
  private typeCommand(): void {
    const request = typeRequest.peek();
    if (!this.takesCommands || !this.view || request === null) return;
    typeRequest.value = null;
    this.view.type(request);
    this.view.focus();
  }

  private keyboardIs(frame: KeyboardFrame): void {
    this.keyboard.value = frame;
    const isNews = performance.now() - this.refusedAt > REFUSED_AGAIN_MS;
    if (frame.refused && frame.holder && isNews) {
      this.refusedAt = performance.now();
      say(`${frame.holder.name} is typing here. Ask for the keyboard.`);
    }
  }

  private connectionIs(state: Connection): void {
    this.state.value = state;
    if (state !== "gone" || this.ended.peek()) return;
    if (this.onLost) this.onLost();
    else this.ended.value = "This terminal is gone.";
  }

  private async load(): Promise<void> {
    const { createTerminal } = await import("./terminal-view");
    const host = this.querySelector<HTMLElement>(".terminal-host");
    if (!host || !this.isConnected) return;
    this.view = await createTerminal(host, {
      url: terminalUrl(this.number),
      label: `${this.label} terminal. Shift+Escape leaves it.`,
      mayType: () => mayWrite.peek(),
      me: () => you.peek()?.id ?? "",
      onKeyboard: (frame) => this.keyboardIs(frame),
      onState: (state) => this.connectionIs(state),
      onExit: (code, message) => {
        this.ended.value = code
          ? `The shell ended with exit code ${code}.`
          : message || "The shell ended.";
      },
      onLeave: () =>
        document.querySelector<HTMLElement>('.dock [role="tab"][aria-selected="true"]')?.focus(),
    });
    if (this.takesFocus && this.isShown) this.view.focus();
    this.typeCommand();
  }
}

customElements.define("py-terminal", TerminalPanel);
