/** The review desk: its bar, and the list or one submission below it. */
import { html, nothing, type TemplateResult } from "lit";
import arrow from "lucide-static/icons/arrow-left.svg?raw";
import keyboard from "lucide-static/icons/keyboard.svg?raw";
import { icon } from "../elements/icon";
import { LiveElement } from "../elements/live";
import { mark } from "../panels/mark";
import "../panels/notices";
import { back } from "./acts";
import "./dialogs";
import "./list";
import "./record";
import { addressOf, type Route } from "./route";
import "./submission";
import { dispatch, state } from "./store";

export class ReviewDesk extends LiveElement {
  protected override render(): TemplateResult {
    const { route, problem, me, isReviewer } = state.value;
    const isList = route.page === "list";
    return html`<header class="desk-bar">
        <a class="mark" href="/" aria-label="Podyard, to the start page">${mark()}</a>
        ${
          !isList
            ? html`<button type="button" class="button quiet" @click=${back}>
                ${icon(arrow, "small")}Review desk
              </button>`
            : html`<h1 class="bar-name">Review desk</h1>`
        }
        <span class="grow"></span>
        ${
          route.page === "record"
            ? nothing
            : html`<a class="link desk-link" href=${recordAddress(route)}>Record</a>`
        }
        ${
          isReviewer
            ? html`<a class="link desk-link" href="/api/v1/audit/export" download>Audit log</a>`
            : nothing
        }
        ${me ? html`<span class="desk-me">${me.name}</span>` : nothing}
        <button
          type="button"
          class="button quiet square"
          aria-label="Keys"
          title="Keys (?)"
          @click=${() => dispatch({ type: "dialog", dialog: { name: "keys" } })}
        >
          ${icon(keyboard)}
        </button>
      </header>
      <main class="desk-page">
        ${
          problem
            ? html`<p class="desk-note" role="alert">${problem}</p>`
            : page(route)
        }
      </main>
      <py-review-dialogs></py-review-dialogs>
      <py-notices></py-notices>`;
  }
}

customElements.define("py-review", ReviewDesk);

function page(route: Route): TemplateResult {
  if (route.page === "one") return html`<py-submission></py-submission>`;
  if (route.page === "record") return html`<py-record></py-record>`;
  return html`<py-submissions></py-submissions>`;
}

function recordAddress(route: Route): string {
  const session = route.page === "one" ? route.id.replace(/-\d+$/, "") : route.session;
  return addressOf({ page: "record", session, source: "" });
}
