/** The questions asked before something happens to students: what, and for whom. */
import { html, nothing, type TemplateResult } from "lit";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { plural } from "../words";
import { act, fileUrl, targets } from "./acts";
import { dialog, note, picked, room, wall, type DialogName } from "./state";

interface Question {
  title: string;
  action: string;
  button: string;
  isDangerous?: boolean;
  /** What is asked for; empty: only yes or no. */
  field: "" | "text" | "yaml" | "minutes" | "fault" | "name";
  words: string;
}

const QUESTIONS: Partial<Record<DialogName, Question>> = {
  message: {
    title: "Message",
    action: "message",
    button: "Send",
    field: "text",
    words: "It stands above the picture until the student closes it.",
  },
  manifest: {
    title: "Apply a manifest",
    action: "manifest",
    button: "Apply",
    field: "yaml",
    words: "It is applied in each cluster in your name.",
  },
  break: {
    title: "Break something",
    action: "break",
    button: "Break it",
    field: "fault",
    words: "The same happens in each cluster. Mend undoes it.",
  },
  extend: {
    title: "Give more time",
    action: "extend",
    button: "Extend",
    field: "minutes",
    words: "Added to the time that is left.",
  },
  reset: {
    title: "Back to the start",
    action: "reset",
    button: "Reset",
    isDangerous: true,
    field: "",
    words: "The cluster begins again as the class began. What was made in it is gone.",
  },
  end: {
    title: "End the class",
    action: "end",
    button: "End it for everybody",
    isDangerous: true,
    field: "",
    words: "Clusters can only be looked at and exported from then on. Results stay.",
  },
  rename: {
    title: "Rename",
    action: "rename",
    button: "Rename",
    field: "name",
    words: "The student sees the new name at once.",
  },
  remove: {
    title: "Remove from the class",
    action: "remove",
    button: "Remove",
    isDangerous: true,
    field: "",
    words: "The student's cluster ends and the seat is free again.",
  },
};

export class WallDialogs extends LiveElement {
  protected override render(): TemplateResult {
    const question = QUESTIONS[dialog.value];
    const title = question?.title ?? "How students join";
    return html`<dialog
      class="dialog"
      aria-label=${title}
      @close=${() => (dialog.value = "")}
      @click=${(event: MouseEvent) => {
        if (event.target === event.currentTarget)
          (event.currentTarget as HTMLDialogElement).close();
      }}
    >
      <div class="dialog-inner">
        <div class="dialog-head">
          <h2>${title}</h2>
          <button
            type="button"
            class="button quiet square"
            aria-label="Close"
            @click=${() => (dialog.value = "")}
          >
            ${icon(cross)}
          </button>
        </div>
        ${question ? this.form(question) : dialog.value === "code" ? joinTemplate() : nothing}
      </div>
    </dialog>`;
  }

  protected override updated(): void {
    const element = this.querySelector("dialog");
    if (!element) return;
    if (dialog.peek() && !element.open) element.showModal();
    else if (!dialog.peek() && element.open) element.close();
  }

  private form(question: Question): TemplateResult {
    return html`<form
      class="wall-form"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void this.send(question, event.currentTarget as HTMLFormElement);
      }}
    >
      <p>${question.words}</p>
      ${field(question)}
      <p class="wall-whom">For <b>${whomWords(question)}</b></p>
      ${note.value?.isBad ? html`<p class="wall-refusal" role="alert">${note.value.text}</p>` : nothing}
      <div class="confirm-acts">
        <button type="button" class="button" @click=${() => (dialog.value = "")}>Cancel</button>
        <button type="submit" class="button ${question.isDangerous ? "danger" : "primary"}">
          ${question.button}
        </button>
      </div>
    </form>`;
  }

  private async send(question: Question, form: HTMLFormElement): Promise<void> {
    const value = new FormData(form).get("value");
    const students = question.action === "end" ? [] : targets();
    const answer = await act(
      question.action,
      students,
      typeof value === "string" ? value : undefined,
    );
    if (!answer || answer.failed.length) return;
    dialog.value = "";
    picked.value = new Set();
  }
}

function field({ field: kind }: Question): TemplateResult | typeof nothing {
  switch (kind) {
    case "text":
      return html`<textarea
        name="value"
        rows="3"
        maxlength="500"
        required
        aria-label="Message"
      ></textarea>`;
    case "yaml":
      return html`<textarea
        name="value"
        class="wall-yaml"
        rows="12"
        required
        spellcheck="false"
        aria-label="YAML"
      ></textarea>`;
    case "minutes":
      return html`<label class="wall-field"
        >Minutes
        <input name="value" type="number" min="1" max="240" value="10" required />
      </label>`;
    case "name":
      return html`<label class="wall-field"
        >Name
        <input name="value" maxlength="40" required .value=${onlyName()} />
      </label>`;
    case "fault":
      return faultField();
    default:
      return nothing;
  }
}

function faultField(): TemplateResult {
  const faults = room.value?.faults ?? [];
  return html`<fieldset class="wall-faults">
    <legend class="hidden-text">What breaks</legend>
    ${faults.map(
      (fault, index) =>
        html`<label
          ><input type="radio" name="value" value=${fault.name} ?checked=${index === 0} required />
          <span
            ><b>${fault.title}</b>${fault.target ? html`<small>${fault.target}</small>` : nothing}</span
          ></label
        >`,
    )}
  </fieldset>`;
}

function onlyName(): string {
  const [id] = picked.value;
  return (id && wall.value.students.get(id)?.name) || "";
}

function whomWords(question: Question): string {
  const { students } = wall.value;
  const ids = [...picked.value];
  if (question.action === "end" || ids.length === 0) {
    return students.size === 1 ? "the one student" : `all ${plural(students.size, "student")}`;
  }
  return ids.length === 1
    ? (students.get(ids[0] as string)?.name ?? "one student")
    : plural(ids.length, "student");
}

function joinTemplate(): TemplateResult {
  const found = room.value;
  if (!found) return html``;
  return html`<div class="wall-join">
    <img src=${fileUrl("qr.svg")} alt="QR code of the join address" width="220" height="220" />
    <p>Open</p>
    <p class="wall-join-url">${found.join_url.replace(/^https?:\/\//, "")}</p>
    <p>or enter the code</p>
    <p class="wall-join-code">${found.code}</p>
  </div>`;
}

customElements.define("py-wall-dialogs", WallDialogs);
