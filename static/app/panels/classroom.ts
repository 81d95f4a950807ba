/** The strip of a student's page: the class, the teacher's words, one's hand, who is looking. */
import { html, nothing, type TemplateResult } from "lit";
import hand from "lucide-static/icons/hand.svg?raw";
import eye from "lucide-static/icons/eye.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { act, classroom, isFrozen, putAway, seat, word } from "../session/classroom";

export class ClassroomStrip extends LiveElement {
  protected override render(): TemplateResult | typeof nothing {
    const room = classroom.value;
    if (!room) return nothing;
    const at = seat.value;
    return html`<aside class="class-strip" aria-label="Your class" data-testid="class-strip">
      <span class="class-title">${at?.room?.title ?? room.title}</span>
      <span class="class-state" role="status">${stateWords()}</span>
      ${said()}
      <span class="grow"></span>
      ${teacher()} ${pin()} ${hands()}
    </aside>`;
  }
}

customElements.define("py-classroom", ClassroomStrip);

function stateWords(): string {
  const at = seat.value;
  if (!at) return "";
  if (at.room?.state === "ended") return "The class is over.";
  if (isFrozen.value) return "Everything stands still, and your time with it.";
  if (at.state === "finished") return "You are done.";
  return "";
}

function said(): TemplateResult | typeof nothing {
  const last = word.value;
  if (!last) return nothing;
  return html`<p class="class-word" role="status" data-testid="class-message">
    <b>Teacher:</b> ${last.text}
    <button type="button" class="toast-close" aria-label="Put the message away" @click=${putAway}>
      ${icon(cross, "small")}
    </button>
  </p>`;
}

function teacher(): TemplateResult | typeof nothing {
  const doing = seat.value?.teacher ?? "";
  if (!doing) return nothing;
  if (doing === "look") {
    return html`<span class="class-teacher" role="status" data-testid="teacher-looks">
      ${icon(eye, "small")} Your teacher is looking
    </span>`;
  }
  const isAsking = doing === "asked";
  return html`<span class="class-teacher asks" role="status" data-testid="teacher-${doing}">
    ${isAsking ? "Your teacher offers to help in your cluster" : "Your teacher helps you here"}
    ${
      isAsking
        ? html`<button
            type="button"
            class="button primary"
            data-testid="let-in"
            @click=${() => void act("let-in")}
          >
            Let in
          </button>`
        : nothing
    }
    <button
      type="button"
      class="button"
      data-testid="send-out"
      @click=${() => void act("send-out")}
    >
      ${isAsking ? "Not now" : "I can go on alone"}
    </button>
  </span>`;
}

function pin(): TemplateResult | typeof nothing {
  const student = seat.value?.student;
  if (!student) return nothing;
  const code = `${student.pin.slice(0, 3)}-${student.pin.slice(3)}`;
  return html`<span class="class-pin" title="On another device, join with your name and this code">
    ${student.name} · <span data-testid="rejoin-code">${code}</span>
  </span>`;
}

function hands(): TemplateResult | typeof nothing {
  const at = seat.value;
  if (!at || at.state === "finished" || at.room?.state === "ended") return nothing;
  const isUp = Boolean(at.hand);
  return html`<button
    type="button"
    class="button class-hand ${isUp ? "up" : ""}"
    data-testid="hand"
    aria-pressed=${isUp ? "true" : "false"}
    @click=${() => void act(isUp ? "lower-hand" : "raise-hand")}
  >
    ${icon(hand, "small")} ${isUp ? "Lower my hand" : "Raise my hand"}
  </button>`;
}
