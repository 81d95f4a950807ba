/** What the address says: the list with its filters, or one submission and what of it is shown. Pure. */

export type Tab = "text" | "difference" | "effect";
export type Whose = "all" | "mine" | "nobody" | "submitted";
export type Stage = "open" | "changes" | "decided" | "all";

export interface ListRoute {
  page: "list";
  stage: Stage;
  whose: Whose;
  session: string;
  source: string;
  text: string;
}

export interface OneRoute {
  page: "one";
  id: string;
  tab: Tab;
  /** 0 is the newest. */
  version: number;
}

/** Everything people wrote to clusters. */
export interface RecordRoute {
  page: "record";
  session: string;
  source: string;
}

export type Route = ListRoute | OneRoute | RecordRoute;

export const LIST: ListRoute = {
  page: "list",
  stage: "open",
  whose: "all",
  session: "",
  source: "",
  text: "",
};

const ROOT = "/review/";
/** No submission is called that: their names end with a number. */
const RECORD = "record";
const TABS: readonly Tab[] = ["text", "difference", "effect"];
const STAGES: readonly Stage[] = ["open", "changes", "decided", "all"];
const WHOSE: readonly Whose[] = ["all", "mine", "nobody", "submitted"];

export function routeOf(path: string, query: string): Route {
  const values = new URLSearchParams(query);
  const id = decodeURIComponent(path.slice(ROOT.length).replace(/\/.*$/, ""));
  if (id === RECORD) {
    const session = values.get("session") ?? "";
    return { page: "record", session, source: values.get("source") ?? "" };
  }
  if (id) {
    const version = Number(values.get("version"));
    return {
      page: "one",
      id,
      tab: among(TABS, values.get("tab"), "text"),
      version: Number.isInteger(version) && version > 0 ? version : 0,
    };
  }
  return {
    page: "list",
    stage: among(STAGES, values.get("stage"), LIST.stage),
    whose: among(WHOSE, values.get("whose"), LIST.whose),
    session: values.get("session") ?? "",
    source: values.get("source") ?? "",
    text: values.get("text") ?? "",
  };
}

export function addressOf(route: Route): string {
  const values = new URLSearchParams();
  const put = (name: string, value: string, usual: string) => {
    if (value !== usual) values.set(name, value);
  };
  if (route.page === "one") {
    put("tab", route.tab, "text");
    put("version", String(route.version), "0");
  } else if (route.page === "record") {
    put("session", route.session, "");
    put("source", route.source, "");
  } else {
    for (const name of ["stage", "whose", "session", "source", "text"] as const) {
      put(name, route[name], LIST[name]);
    }
  }
  const query = values.toString();
  const place = placeOf(route);
  return query ? `${place}?${query}` : place;
}

function placeOf(route: Route): string {
  if (route.page === "list") return ROOT;
  const name = route.page === "one" ? encodeURIComponent(route.id) : RECORD;
  return `${ROOT}${name}/`;
}

function among<T extends string>(known: readonly T[], value: string | null, usual: T): T {
  return known.find((one) => one === value) ?? usual;
}
