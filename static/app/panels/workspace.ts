/** The workspace: bar, editor, picture, inspector, dock, and how they share the window. */
import { html, nothing, type TemplateResult } from "lit";
import activity from "lucide-static/icons/activity.svg?raw";
import code from "lucide-static/icons/braces.svg?raw";
import book from "lucide-static/icons/book-open.svg?raw";
import grid from "lucide-static/icons/layout-grid.svg?raw";
import terminal from "lucide-static/icons/square-terminal.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import "../elements/splitter";
import type { PhoneTab, SideTab } from "../state/state";
import {
  dispatch,
  isDockOpen,
  isEditorOpen,
  lesson,
  lessonProgress,
  phoneTab,
  selection,
  session,
  sideTab,
  view,
} from "../state/store";
import "./bar";
import "./classroom";
import "./dock/dock";
import "./editor/editor";
import "./ending";
import "./lesson/lesson";
import "./notices";
import "./people/banner";
import "./picture/picture";
import "./review-line";

const LESSON_TAB: readonly [tab: PhoneTab, words: string, svg: string] = ["lesson", "Lesson", book];
const PHONE_TABS: readonly (readonly [tab: PhoneTab, words: string, svg: string])[] = [
  ["picture", "Picture", grid],
  ["yaml", "YAML", code],
  ["console", "Console", terminal],
  ["events", "Events", activity],
];

export class Workspace extends LiveElement {
  protected override render(): TemplateResult {
    const isWall = view.value === "picture";
    const classes = [
      "desk",
      isWall ? "wall" : "",
      isEditorOpen.value ? "" : "no-editor",
      isDockOpen.value ? "" : "no-dock",
      selection.value ? "has-inspector" : "",
      lesson.value ? "has-lesson" : "",
      `phone-${phoneTab.value}`,
    ].join(" ");
    return html`<div class=${classes}>
      ${isWall ? nothing : html`<py-bar></py-bar>`}
      <div class="lines">
        <py-classroom></py-classroom>
        <py-line></py-line>
        <py-ending></py-ending>
        <py-review-line></py-review-line>
        <py-follow></py-follow>
      </div>
      <main class="desk-main">
        ${
          isWall
            ? html`<h1 class="hidden-text">${session.value.name}</h1>`
            : html`${side()}${splitters()}`
        }
        <div class="area-picture"><py-picture></py-picture></div>
        <py-inspector class="area-inspector"></py-inspector>
        ${isWall ? nothing : html`<py-dock class="area-dock"></py-dock>`}
      </main>
      ${isWall ? nothing : phoneTabs()}
      <py-dialogs></py-dialogs>
      <py-notices></py-notices>
      <py-announcer></py-announcer>
    </div>`;
  }
}

customElements.define("py-workspace", Workspace);

/** Beside the picture: the YAML, and the lesson when there is one. */
function side(): TemplateResult {
  const hasLesson = lesson.value !== null;
  const shown = hasLesson ? sideTab.value : "yaml";
  return html`<div class="area-editor side shows-${shown}">
    ${
      hasLesson
        ? html`<div class="tabs side-tabs" role="tablist" aria-label="Beside the picture">
            ${sideTabButton("lesson", `Lesson ${progressWords()}`, shown)}
            ${sideTabButton("yaml", "YAML", shown)}
          </div>`
        : nothing
    }
    ${hasLesson ? html`<py-lesson class="side-panel side-lesson"></py-lesson>` : nothing}
    <py-editor class="side-panel side-yaml"></py-editor>
  </div>`;
}

function progressWords(): string {
  const at = lessonProgress.value;
  return at ? `${at.done}/${at.total}` : "";
}

function sideTabButton(tab: SideTab, words: string, shown: SideTab): TemplateResult {
  return html`<button
    type="button"
    class="tab"
    role="tab"
    aria-selected=${tab === shown ? "true" : "false"}
    tabindex=${tab === shown ? "0" : "-1"}
    @click=${() => dispatch({ type: "side", tab })}
    @keydown=${(event: KeyboardEvent) => walkSide(event)}
  >
    ${words}
  </button>`;
}

function walkSide(event: KeyboardEvent): void {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  dispatch({ type: "side", tab: sideTab.peek() === "lesson" ? "yaml" : "lesson" });
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('.side-tabs [aria-selected="true"]')?.focus(),
  );
}

function splitters(): TemplateResult {
  return html`<py-splitter
      class="split split-editor"
      axis="x"
      edge="start"
      label="Width of the editor"
      variable="--editor-width"
      min="280"
      max="720"
      value="400"
    ></py-splitter>
    <py-splitter
      class="split split-inspector"
      axis="x"
      edge="end"
      label="Width of the details"
      variable="--inspector-width"
      min="300"
      max="720"
      value="400"
    ></py-splitter>
    <py-splitter
      class="split split-dock"
      axis="y"
      edge="end"
      label="Height of the dock"
      variable="--dock-height"
      min="120"
      max="560"
      value="240"
    ></py-splitter>`;
}

function phoneTabs(): TemplateResult {
  return html`<nav class="phone-tabs" aria-label="Parts of the workspace">
    ${[...(lesson.value ? [LESSON_TAB] : []), ...PHONE_TABS].map(
      ([tab, words, svg]) =>
        html`<button
          type="button"
          class="phone-tab"
          aria-current=${phoneTab.value === tab ? "page" : nothing}
          @click=${() => choose(tab)}
        >
          ${icon(svg)}<span>${words}</span>
        </button>`,
    )}
  </nav>`;
}

function choose(tab: PhoneTab): void {
  dispatch({ type: "phone-tab", tab });
  if (tab === "console") dispatch({ type: "dock", tab: "console" });
  if (tab === "events") dispatch({ type: "dock", tab: "events" });
}
