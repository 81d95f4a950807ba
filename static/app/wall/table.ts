/** The wall as a table: the same in words, in order, for those who listen and for small screens. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { LiveElement } from "../elements/live";
import type { WallStudent } from "./frames";
import { isFound } from "./order";
import { now, order, pick, picked, query, shown, wall } from "./state";
import { nodeWords, podWords, stateWords, stepWords } from "./words";

export class WallTable extends LiveElement {
  protected override render(): TemplateResult {
    const { students } = wall.value;
    const rows = order.value
      .map((id) => students.get(id))
      .filter((student) => student !== undefined)
      .filter((student) => isFound(student, query.value));
    return html`<table class="wall-table">
      <thead>
        <tr>
          <th scope="col"><span class="hidden-text">Picked</span></th>
          <th scope="col">Student</th>
          <th scope="col">Why</th>
          <th scope="col">Step</th>
          <th scope="col">Cluster</th>
          <th scope="col">Last command</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(rows, (student) => student.id, rowTemplate)}
      </tbody>
    </table>`;
  }
}

function rowTemplate(student: WallStudent): TemplateResult {
  const cluster = student.session ? `${nodeWords(student)}; ${podWords(student)}` : "";
  return html`<tr class=${shown.value === student.id ? "shown" : ""}>
    <td>
      <input
        type="checkbox"
        aria-label="Pick ${student.name}"
        .checked=${picked.value.has(student.id)}
        @change=${() => pick(student.id)}
      />
    </td>
    <th scope="row">
      <button type="button" class="link" @click=${() => (shown.value = student.id)}>
        ${student.name}
      </button>
    </th>
    <td>${[student.hand ? "hand raised" : "", student.attention.reason, stateWords(student)].filter(Boolean).join(", ")}</td>
    <td>${stepWords(student, now.value)}</td>
    <td>${cluster}</td>
    <td>${student.command ? html`<code>${student.command.text}</code>` : nothing}</td>
  </tr>`;
}

customElements.define("py-wall-table", WallTable);
