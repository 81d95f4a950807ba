/** Above a terminal that several people look at: whose keys count, and how they change hands. */
import { html, nothing, type TemplateResult } from "lit";
import type { KeyboardClientFrame, KeyboardFrame, Person } from "../../protocol/people";
import { face } from "../people/face";

export interface KeyboardStrip {
  keyboard: KeyboardFrame;
  me: Person;
  /** May edit, and may give what another holds. */
  mayType: boolean;
  mayOwn: boolean;
  say: (frame: KeyboardClientFrame) => void;
}

export function keyboardStrip(strip: KeyboardStrip): TemplateResult | typeof nothing {
  const { keyboard, me } = strip;
  if (new Set(keyboard.people.map((one) => one.id)).size < 2) return nothing;
  const isMine = keyboard.holder?.id === me.id;
  return html`<div class="keyboard ${isMine ? "mine" : ""}" data-testid="keyboard">
    <span class="keyboard-faces">${keyboard.people.slice(0, 5).map((one) => face(one, true))}</span>
    <p role="status">${keyboardWords(keyboard, me)}</p>
    <span class="grow"></span>
    ${strip.mayType && typists(keyboard) > 1 ? acts(strip, isMine) : nothing}
  </div>`;
}

function acts(strip: KeyboardStrip, isMine: boolean): TemplateResult {
  const { keyboard, me, say } = strip;
  const [first] = keyboard.asking;
  if (isMine) {
    if (!first) return html`${nothing}`;
    return html`<button
      type="button"
      class="button primary"
      @click=${() => say({ type: "keyboard", action: "give", to: first.id })}
    >
      Give it to ${first.name}
    </button>`;
  }
  const hasAsked = keyboard.asking.some((one) => one.id === me.id);
  return html`${
      strip.mayOwn && keyboard.holder
        ? html`<button
            type="button"
            class="button"
            @click=${() => say({ type: "keyboard", action: "give", to: me.id })}
          >
            Take it
          </button>`
        : nothing
    }<button
      type="button"
      class="button"
      @click=${() => say({ type: "keyboard", action: hasAsked ? "withdraw" : "ask" })}
    >
      ${hasAsked ? "Ask no more" : keyboard.holder ? "Ask for the keyboard" : "Take the keyboard"}
    </button>`;
}

/** Whose the keyboard is, in a sentence. */
export function keyboardWords(keyboard: KeyboardFrame, me: Person): string {
  const { holder, asking } = keyboard;
  const others = asking.filter((one) => one.id !== me.id);
  const [first] = others;
  if (typists(keyboard) < 2) return aloneWords(keyboard, me);
  if (!holder) return "Nobody types here. Who types first has the keyboard.";
  if (holder.id === me.id) {
    if (!first) return "You have the keyboard. The others look on.";
    const rest = others.length > 1 ? ` and ${others.length - 1} more` : "";
    return `${first.name}${rest} would like to type.`;
  }
  if (asking.some((one) => one.id === me.id)) {
    return `${holder.name} has the keyboard. It is yours when they pause.`;
  }
  return `${holder.name} has the keyboard.`;
}

/** With one who may type there is nothing to hand over. */
function aloneWords(keyboard: KeyboardFrame, me: Person): string {
  const { holder } = keyboard;
  const others = keyboard.people.filter((one) => one.id !== me.id);
  if (keyboard.people.find((one) => one.id === me.id)?.role === "viewer") {
    return holder ? `${holder.name} has the keyboard. You look on.` : "You look on.";
  }
  return others.length === 1 ? `${others[0]?.name} looks on.` : `${others.length} people look on.`;
}

function typists(keyboard: KeyboardFrame): number {
  return keyboard.people.filter((one) => one.role !== "viewer").length;
}

/** What a terminal says by itself when a program asks it something: nobody typed that. */
const REPORT =
  /^(?:\x1b\[[?>=]?[\d;]*[RcntyIO]|\x1b\]\d+;[^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP.*?\x1b\\)+$/s;

export function isReport(data: string): boolean {
  return REPORT.test(data);
}
