/** The dock: the console, terminals in pods, events and the timeline. */
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import down from "lucide-static/icons/chevron-down.svg?raw";
import up from "lucide-static/icons/chevron-up.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../../elements/icon";
import { LiveElement } from "../../elements/live";
import { isOff } from "../../session/classroom";
import { closeTerminal, consoleLost, openConsole, terminalTab } from "../../session/terminals";
import type { Terminal } from "../../state/state";
import {
  consoleProblem,
  dispatch,
  dockTab,
  isDockOpen,
  mayWrite,
  terminals,
} from "../../state/store";
import "./terminal-panel";

export class Dock extends LiveElement {
  protected override render(): TemplateResult {
    const shown = dockTab.value;
    const open = terminals.value;
    return html`<section class="dock" aria-label="Console and events">
      <div class="tabs">
        <div class="tab-list" role="tablist" aria-label="Dock" @keydown=${this.walk}>
          ${this.tab("console", "Console", shown)}
          ${repeat(
            open.filter((terminal) => terminal.kind === "exec"),
            (terminal) => terminal.number,
            (terminal) => this.terminalTab(terminal, shown),
          )}
          ${this.tab("events", "Events", shown)} ${this.tab("timeline", "Timeline", shown)}
        </div>
        <span class="grow"></span>
        <button
          type="button"
          class="tab-add dock-fold"
          aria-label=${isDockOpen.value ? "Hide the dock" : "Show the dock"}
          aria-expanded=${isDockOpen.value ? "true" : "false"}
          @click=${() => dispatch({ type: "dock", isOpen: !isDockOpen.value })}
        >
          ${icon(isDockOpen.value ? down : up, "small")}
        </button>
      </div>
      <div class="dock-body">
        ${this.consolePanel(open, shown)}
        ${repeat(
          open.filter((terminal) => terminal.kind === "exec"),
          (terminal) => terminal.number,
          (terminal) => this.terminalPanel(terminal, shown),
        )}
        <div
          class="dock-panel ${shown === "events" ? "" : "absent"}"
          id="dock-events"
          role="tabpanel"
          aria-label="Events"
          data-testid="events"
        >
          ${shown === "events" ? html`<py-events></py-events>` : nothing}
        </div>
        <div
          class="dock-panel ${shown === "timeline" ? "" : "absent"}"
          id="dock-timeline"
          role="tabpanel"
          aria-label="Timeline"
          data-testid="timeline"
        >
          ${shown === "timeline" ? html`<py-timeline></py-timeline>` : nothing}
        </div>
      </div>
    </section>`;
  }

  private tab(name: string, words: string | TemplateResult, shown: string): TemplateResult {
    const isOn = shown === name;
    return html`<button
      type="button"
      class="tab"
      role="tab"
      aria-selected=${isOn ? "true" : "false"}
      aria-controls="dock-${name}"
      aria-keyshortcuts=${name.startsWith("terminal") ? "Delete" : nothing}
      tabindex=${isOn ? "0" : "-1"}
      @click=${() => dispatch({ type: "dock", tab: name })}
    >
      ${words}
    </button>`;
  }

  private terminalTab(terminal: Terminal, shown: string): TemplateResult {
    const name = terminalTab(terminal);
    return this.tab(
      name,
      html`${terminal.title}<span
          class="tab-close"
          title="Close"
          @click=${(event: Event) => {
            event.stopPropagation();
            void closeTerminal(terminal);
          }}
          >${icon(cross, "small")}</span
        >`,
      shown,
    );
  }

  private consolePanel(open: readonly Terminal[], shown: string): TemplateResult {
    const terminal = open.find((one) => one.kind === "console");
    const isOn = shown === "console";
    return html`<div
      class="dock-panel ${isOn ? "" : "absent"}"
      id="dock-console"
      role="tabpanel"
      aria-label="Console"
      data-testid="console"
    >
      ${
        terminal
          ? keyed(
              terminal.number,
              html`<py-terminal
                .number=${terminal.number}
                .label=${"Console"}
                .isShown=${isOn && isDockOpen.value}
                .onAgain=${() => void openConsole()}
                .onLost=${consoleLost}
                .takesCommands=${true}
              ></py-terminal>`,
            )
          : html`<p class="dock-note">${consoleNote()}</p>`
      }
    </div>`;
  }

  private terminalPanel(terminal: Terminal, shown: string): TemplateResult {
    const name = terminalTab(terminal);
    const isOn = shown === name;
    return html`<div
      class="dock-panel ${isOn ? "" : "absent"}"
      id="dock-${name}"
      role="tabpanel"
      aria-label=${terminal.title}
      data-testid="terminal"
    >
      <py-terminal
        .number=${terminal.number}
        .label=${terminal.title}
        .takesFocus=${true}
        .isShown=${isOn && isDockOpen.value}
      ></py-terminal>
    </div>`;
  }

  private readonly walk = (event: KeyboardEvent): void => {
    if (event.key === "Delete") {
      const shown = terminals.peek().find((one) => terminalTab(one) === dockTab.peek());
      if (shown?.kind === "exec") void closeTerminal(shown);
      return;
    }
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const tabs = [...this.querySelectorAll<HTMLElement>('[role="tab"]')];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next?.focus();
    next?.click();
  };
}

customElements.define("py-dock", Dock);

/** What stands where the console will be. */
function consoleNote(): TemplateResult | string {
  if (isOff("console")) return "The console is switched off in this class.";
  if (!mayWrite.value) return "Viewers have no console. Ask the owner for an editor's link.";
  if (!consoleProblem.value) return "The console is being opened.";
  return html`The console could not be opened: ${consoleProblem.value}.
    <button type="button" class="link" @click=${() => void openConsole()}>Try again</button>`;
}
