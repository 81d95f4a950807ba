/** Namespace, state and text: what does not match dims. And the picture's two forms. */
import { html, nothing, type TemplateResult } from "lit";
import chevron from "lucide-static/icons/chevron-down.svg?raw";
import funnel from "lucide-static/icons/list-filter.svg?raw";
import grid from "lucide-static/icons/layout-grid.svg?raw";
import list from "lucide-static/icons/list.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import cross from "lucide-static/icons/x.svg?raw";
import { icon } from "../../elements/icon";
import { openMenu, under } from "../../elements/menu";
import { STATE_ORDER, STATES } from "../../kinds/states";
import type { Scene } from "../../state/scene";
import { isFiltering } from "../../state/matching";
import { NO_FILTER, type Filter, type Picture } from "../../state/state";
import { dispatch, peek } from "../../state/store";

export function filterBar(filter: Filter, picture: Picture): TemplateResult {
  return html`<div class="filters" role="search" aria-label="Filter the picture">
    <button
      type="button"
      class="button quiet ${filter.namespace || filter.state ? "on" : ""}"
      aria-haspopup="menu"
      aria-label="Namespace and state: ${scopeWords(filter)}"
      @click=${openScope}
    >
      ${icon(funnel, "small")}<span class="scope-words">${scopeWords(filter)}</span>
      ${icon(chevron, "small")}
    </button>
    <label class="search">
      ${icon(search, "small")}
      <span class="hidden-text">Filter by name, label or node</span>
      <input
        id="filter-text"
        type="text"
        autocomplete="off"
        spellcheck="false"
        placeholder="Filter"
        .value=${filter.text}
        @input=${(event: InputEvent) =>
          dispatch({
            type: "filter",
            filter: { text: (event.target as HTMLInputElement).value },
          })}
        @keydown=${leave}
      />
      ${
        isFiltering(filter)
          ? html`<button
              type="button"
              class="search-clear"
              aria-label="Clear the filter"
              @click=${clear}
            >
              ${icon(cross, "small")}
            </button>`
          : nothing
      }
    </label>
    <div class="segment" role="group" aria-label="Show the cluster as">
      ${formButton("map", picture, grid, "Picture")} ${formButton("list", picture, list, "List")}
    </div>
  </div>`;
}

function formButton(form: Picture, shown: Picture, svg: string, label: string): TemplateResult {
  return html`<button
    type="button"
    class="segment-item"
    aria-pressed=${form === shown ? "true" : "false"}
    aria-label=${label}
    title=${label}
    @click=${() => dispatch({ type: "picture", picture: form })}
  >
    ${icon(svg, "small")}
  </button>`;
}

function scopeWords(filter: Filter): string {
  const state = filter.state === "trouble" ? "in trouble" : filter.state;
  const namespace = filter.namespace || "All namespaces";
  return state ? `${namespace}, ${state}` : namespace;
}

function clear(): void {
  dispatch({ type: "filter", filter: NO_FILTER });
}

function leave(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  if ((event.target as HTMLInputElement).value) clear();
  else (event.target as HTMLInputElement).blur();
}

function openScope(event: Event): void {
  const { filter, scene } = peek();
  const namespaces = namespacesOf(scene).map((namespace) => ({
    label: namespace,
    isChecked: filter.namespace === namespace,
    run: () => dispatch({ type: "filter", filter: { namespace } }),
  }));
  const states = ["", "trouble", ...STATE_ORDER].map((state, index) => ({
    label:
      state === ""
        ? "Any state"
        : state === "trouble"
          ? "In trouble"
          : capital(STATES[state as keyof typeof STATES].word),
    isChecked: filter.state === state,
    isFirst: index === 0,
    run: () => dispatch({ type: "filter", filter: { state } }),
  }));
  openMenu(
    "Namespace and state",
    [
      {
        label: "All namespaces",
        isChecked: filter.namespace === "",
        run: () => dispatch({ type: "filter", filter: { namespace: "" } }),
      },
      ...namespaces,
      ...states,
    ],
    under(event.currentTarget as Element),
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The namespaces that hold anything the picture shows. */
export function namespacesOf(scene: Scene): string[] {
  const names = new Set<string>(["default"]);
  for (const pod of scene.pods.values()) names.add(pod.namespace);
  for (const service of scene.services.values()) names.add(service.namespace);
  for (const workload of scene.workloads.values()) names.add(workload.namespace);
  return [...names].sort();
}
