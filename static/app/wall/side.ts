/** One student's details and what can be done for that student. */
import { html, nothing, type TemplateResult } from "lit";
import eye from "lucide-static/icons/eye.svg?raw";
import help from "lucide-static/icons/life-buoy.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { instant, span } from "../words";
import { act, ask, look } from "./acts";
import type { WallStudent } from "./frames";
import { may, now, picked, room, shown, wall } from "./state";
import { nodeWords, podWords, stateWords, stepWords } from "./words";

export class StudentSide extends LiveElement {
  protected override render(): TemplateResult | typeof nothing {
    const student = wall.value.students.get(shown.value);
    if (!student) return nothing;
    return html`<aside class="student-side" aria-label="Details of ${student.name}">
      <div class="side-head">
        <h2>${student.name}</h2>
        <button
          type="button"
          class="button quiet square"
          aria-label="Close"
          @click=${() => (shown.value = "")}
        >
          ${icon(cross)}
        </button>
      </div>
      ${facts(student)} ${student.session ? lookActs(student) : nothing} ${moreActs(student)}
    </aside>`;
  }
}

function facts(student: WallStudent): TemplateResult {
  const at = instant(student.command?.at);
  const raised = instant(student.hand);
  return html`<dl class="side-facts">
    ${raised === null ? nothing : fact("Hand", `up for ${span(now.value - raised)}`)}
    ${fact("Needs", student.attention.reason || "nothing just now")}
    ${fact("Here", stateWords(student) || (student.here > 1 ? `in ${student.here} tabs` : "yes"))}
    ${
      student.progress
        ? html`${fact("Lesson", stepWords(student, now.value))}
          ${student.progress.step ? fact("Step", student.progress.step) : nothing}`
        : nothing
    }
    ${
      student.session
        ? html`${fact("Nodes", nodeWords(student))} ${fact("Pods", podWords(student))}`
        : nothing
    }
    ${
      student.command
        ? fact(
            "Last command",
            html`<code>${student.command.text}</code>${
              at === null ? nothing : html` <span class="muted">${span(now.value - at)} ago</span>`
            }`,
          )
        : nothing
    }
    ${student.fault ? fact("Broken by you", faultTitle(student.fault)) : nothing}
  </dl>`;
}

/** As the dialog called it. */
function faultTitle(name: string): string {
  return room.value?.faults.find((fault) => fault.name === name)?.title ?? name;
}

function fact(name: string, value: string | TemplateResult): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function lookActs(student: WallStudent): TemplateResult {
  const helping: Record<WallStudent["teacher"], string> = {
    "": "Offer help",
    look: "Offer help",
    asked: "Asked, waiting for an answer",
    help: "You may edit",
  };
  const isDecided = student.teacher === "asked" || student.teacher === "help";
  return html`<div class="side-acts">
    ${
      may("look")
        ? html`<button
            type="button"
            class="button primary"
            @click=${() => void look(student.id)}
          >
            ${icon(eye, "small")}Look at the cluster
          </button>`
        : nothing
    }
    ${
      may("help")
        ? html`<button
            type="button"
            class="button"
            ?disabled=${isDecided}
            @click=${() => void act("help", [student.id])}
          >
            ${icon(help, "small")}${helping[student.teacher]}
          </button>`
        : nothing
    }
    ${student.teacher && may("leave") ? plain("Leave the cluster", () => act("leave", [student.id])) : nothing}
    <p class="hint">The student sees when you look.</p>
  </div>`;
}

function moreActs(student: WallStudent): TemplateResult {
  const only = (name: "message" | "extend" | "reset" | "rename" | "remove" | "break" | "manifest") => () => {
    picked.value = new Set([student.id]);
    ask(name);
  };
  return html`<div class="side-acts more">
    ${student.hand && may("lower-hand") ? plain("Lower the hand", () => act("lower-hand", [student.id])) : nothing}
    ${may("message") ? plain("Send a message", only("message")) : nothing}
    ${student.session && may("manifest") ? plain("Apply a manifest", only("manifest")) : nothing}
    ${student.session && may("extend") ? plain("Give more time", only("extend")) : nothing}
    ${student.session && may("break") ? plain("Break something", only("break")) : nothing}
    ${student.fault && may("mend") ? plain("Mend it", () => act("mend", [student.id])) : nothing}
    ${student.session && may("reset") ? plain("Back to the start", only("reset")) : nothing}
    ${may("rename") ? plain("Rename", only("rename")) : nothing}
    ${may("remove") ? plain("Remove from the class", only("remove"), "danger") : nothing}
  </div>`;
}

function plain(words: string, run: () => unknown, tone = ""): TemplateResult {
  return html`<button type="button" class="button quiet ${tone}" @click=${() => void run()}>
    ${words}
  </button>`;
}

customElements.define("py-student-side", StudentSide);
