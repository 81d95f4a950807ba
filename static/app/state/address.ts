/** The part of the state that lives in the page's address, so that a link shows what I see. */
import {
  NO_FILTER,
  type InspectorTab,
  type Picture,
  type Ref,
  type RefKind,
  type State,
  type View,
} from "./state";

const KINDS: readonly RefKind[] = ["pod", "node", "service", "volume", "workload"];
const TABS: readonly InspectorTab[] = ["summary", "why", "events", "logs", "yaml"];

type Addressed = Pick<State, "selection" | "inspectorTab" | "filter" | "view" | "picture">;

/** The query string (without "?") of what the state shows; empty for the plain workspace. */
export function toQuery(state: Addressed): string {
  const query = new URLSearchParams();
  if (state.selection) query.set("show", `${state.selection.kind}/${state.selection.key}`);
  if (state.selection && state.inspectorTab !== "summary") query.set("tab", state.inspectorTab);
  if (state.filter.namespace) query.set("namespace", state.filter.namespace);
  if (state.filter.state) query.set("state", state.filter.state);
  if (state.filter.text) query.set("filter", state.filter.text);
  if (state.view === "picture") query.set("view", "picture");
  if (state.picture === "list") query.set("as", "list");
  return query.toString().replaceAll("%2F", "/");
}

/** What a query string asks for; anything it does not understand is left at its default. */
export function fromQuery(text: string): Addressed {
  const query = new URLSearchParams(text);
  const tab = query.get("tab") as InspectorTab | null;
  return {
    selection: parseRef(query.get("show") ?? ""),
    inspectorTab: tab && TABS.includes(tab) ? tab : "summary",
    filter: {
      ...NO_FILTER,
      namespace: query.get("namespace") ?? "",
      state: query.get("state") ?? "",
      text: query.get("filter") ?? "",
    },
    view: (query.get("view") === "picture" ? "picture" : "work") as View,
    picture: (query.get("as") === "list" ? "list" : "map") as Picture,
  };
}

export function parseRef(text: string): Ref | null {
  const slash = text.indexOf("/");
  const kind = text.slice(0, slash) as RefKind;
  const key = text.slice(slash + 1);
  return slash > 0 && KINDS.includes(kind) && key ? { kind, key } : null;
}
