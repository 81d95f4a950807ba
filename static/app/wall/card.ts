/** One student on the wall. Rendered again only when the student or the room for the card changes. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import hand from "lucide-static/icons/hand.svg?raw";
import eye from "lucide-static/icons/eye.svg?raw";
import zap from "lucide-static/icons/zap.svg?raw";
import { icon } from "../elements/icon";
import type { Palette } from "../graph/palette";
import type { WallStudent } from "./frames";
import type { Detail } from "./layout";
import { isFinished, STUCK_SCORE } from "./model";
import { drawThumbnail } from "./thumbnail";
import { stateWords, stepWords, studentLabel } from "./words";

export interface CardLook {
  detail: Detail;
  palette: Palette;
  /** Changes when the size of the cards does. */
  size: string;
}

export class StudentCard extends LitElement {
  static override properties = {
    student: { attribute: false },
    look: { attribute: false },
    minute: { attribute: false },
    isShown: { attribute: false },
    isPicked: { attribute: false },
    isDim: { attribute: false },
    isTabStop: { attribute: false },
  };

  declare student: WallStudent;
  declare look: CardLook;
  /** Wall time in ms; only its minutes are said. */
  declare minute: number;
  declare isShown: boolean;
  declare isPicked: boolean;
  declare isDim: boolean;
  declare isTabStop: boolean;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { student, look } = this;
    const isStuck = student.attention.score >= STUCK_SCORE;
    const classes = [
      "student",
      look.detail,
      student.hand ? "hand-up" : isStuck ? "stuck" : "",
      isFinished(student) ? "finished" : "",
      student.here ? "" : "absent",
      this.isShown ? "shown" : "",
      this.isPicked ? "picked" : "",
      this.isDim ? "dim" : "",
    ].join(" ");
    return html`<button
      type="button"
      class=${classes}
      tabindex=${this.isTabStop ? 0 : -1}
      aria-label=${studentLabel(student, this.minute)}
      aria-pressed=${String(this.isShown)}
    >
      <span class="student-head">
        <span class="student-name">${student.name}</span>
        ${student.fault ? icon(zap, "small") : nothing}
        ${student.teacher ? icon(eye, "small") : nothing}
        ${student.hand ? html`<span class="student-hand">${icon(hand, "small")}</span>` : nothing}
      </span>
      ${
        student.session
          ? html`<canvas class="thumbnail" aria-hidden="true"></canvas>`
          : html`<span class="student-empty">${stateWords(student)}</span>`
      }
      ${progressBar(student)} ${look.detail === "tiny" ? nothing : this.words()}
    </button>`;
  }

  private words(): TemplateResult {
    const { student } = this;
    const step = stepWords(student, this.minute) || stateWords(student);
    const reason = student.attention.reason;
    return html`<span class="student-step">${reason || step}</span>
      ${
        this.look.detail === "full" && student.command
          ? html`<code class="student-command">${student.command.text}</code>`
          : nothing
      }`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("student") || changed.has("look")) this.draw();
  }

  private draw(): void {
    const canvas = this.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = devicePixelRatio;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawThumbnail(context, this.student, width, height, this.look.palette);
  }
}

function progressBar({ progress }: WallStudent): TemplateResult | typeof nothing {
  if (!progress?.total) return nothing;
  const share = Math.round((100 * progress.done) / progress.total);
  return html`<span class="student-progress" aria-hidden="true"
    ><span style="width:${share}%"></span
  ></span>`;
}

customElements.define("py-student", StudentCard);
