/** What the desk does: asks the server, and tells the state what came of it. */
import { RequestError } from "../api/playground";
import { say } from "../state/store";
import { plural } from "../words";
import * as api from "./api";
import type { Act, Query } from "./api";
import { addressOf, LIST, routeOf, type ListRoute, type Route } from "./route";
import { actable } from "./state";
import { dispatch, peek } from "./store";

const POLL_MS = 5000;
const STAGES: Record<ListRoute["stage"], string> = {
  open: "open",
  changes: "changes-requested",
  decided: "approved,applied,failed,rejected,withdrawn",
  all: "",
};

let lastList: ListRoute = LIST;

/** Shows what the address says, keeps up with it, and asks again while somebody looks. */
export function start(): void {
  const follow = () => show(routeOf(location.pathname, location.search));
  addEventListener("popstate", follow);
  follow();
  setInterval(() => document.visibilityState === "visible" && void refresh(), POLL_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void refresh();
  });
}

/** Goes somewhere; filters replace the address, pages are kept in the history. */
export function go(route: Route, isReplacing = false): void {
  const address = addressOf(route);
  if (isReplacing) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  show(route);
}

export function open(id: string): void {
  if (id) go({ page: "one", id, tab: "text", version: 0 });
}

export function back(): void {
  go(lastList);
}

function show(next: Route): void {
  const before = peek();
  if (next.page === "list") lastList = next;
  dispatch({ type: "go", route: next });
  if (next.page === "list") void loadList();
  if (next.page !== "one") return;
  if (peek().one?.id !== next.id) void loadOne();
  else if (before.route.page === "one" && before.route.version !== next.version) void loadVersion();
  if (!peek().isListed) void loadList(lastList);
  if (next.tab !== "text") void loadEffect();
}

async function refresh(): Promise<void> {
  const { route, isRewriting, writingAt, dialog } = peek();
  if (dialog) return;
  if (route.page === "list") await loadList();
  if (route.page === "one" && !isRewriting && !writingAt) await loadOne(true);
}

function queryOf(shown: ListRoute): Query {
  return {
    state: STAGES[shown.stage],
    session: shown.session,
    source: shown.source,
    text: shown.text,
    ...(shown.whose === "mine" ? { assignee: "me" } : {}),
    ...(shown.whose === "nobody" ? { assignee: "none" } : {}),
    ...(shown.whose === "submitted" ? { submitter: "me" } : {}),
  };
}

async function loadList(given?: ListRoute): Promise<void> {
  const { route } = peek();
  const shown = given ?? (route.page === "list" ? route : null);
  if (!shown) return;
  try {
    const page = await api.listSubmissions(queryOf(shown));
    if (given || peek().route === route) dispatch({ type: "listed", page });
  } catch (problem) {
    if (!given) dispatch({ type: "problem", problem: wordsOf(problem) });
  }
}

export async function loadMore(): Promise<void> {
  const { route, next } = peek();
  if (route.page !== "list" || !next) return;
  const page = await attempt(() => api.listSubmissions({ ...queryOf(route), cursor: String(next) }));
  if (page && peek().route === route) dispatch({ type: "listed", page, isMore: true });
}

async function loadOne(isQuiet = false): Promise<void> {
  const { route } = peek();
  if (route.page !== "one") return;
  try {
    const submission = await api.getSubmission(route.id);
    if (!isAt(route.id)) return;
    dispatch({ type: "got", submission });
    if (!isQuiet || peek().version === null) await loadVersion();
    if (peek().effect === null && currentTab() !== "text") void loadEffect();
  } catch (problem) {
    if (!isQuiet) dispatch({ type: "problem", problem: wordsOf(problem) });
  }
}

function isAt(id: string): boolean {
  const { route } = peek();
  return route.page === "one" && route.id === id;
}

function currentTab(): string {
  const { route } = peek();
  return route.page === "one" ? route.tab : "";
}

async function loadVersion(): Promise<void> {
  const { route, one } = peek();
  if (route.page !== "one" || !one) return;
  const wanted = route.version || one.version;
  if (peek().version?.version === wanted) return;
  if (wanted === one.version) {
    dispatch({ type: "version", version: one.latest });
    return;
  }
  const found = await attempt(() => api.getVersion(one.id, wanted));
  if (found && isAt(one.id)) dispatch({ type: "version", version: found });
}

/** What it would do; asked for when it is looked at, because it costs a fork of the cluster. */
export async function loadEffect(isAgain = false): Promise<void> {
  const { one, effect, route } = peek();
  if (!one || route.page !== "one") return;
  const wanted = route.version || one.version;
  if (!isAgain && effect?.version === wanted) return;
  dispatch({ type: "effect", effect: null });
  try {
    const found = await api.getEffect(one.id, wanted);
    if (isAt(one.id)) dispatch({ type: "effect", effect: found });
  } catch (problem) {
    dispatch({ type: "effect", effect: null, problem: wordsOf(problem) });
  }
}

/** Shows the secrets' values of the version that is shown, to those who may see them. */
export async function reveal(): Promise<void> {
  const { one, version } = peek();
  if (!one || !version) return;
  const found = await attempt(() => api.getVersion(one.id, version.version, true));
  if (found && isAt(one.id)) dispatch({ type: "version", version: found });
}

export async function remark(text: string, line: number): Promise<boolean> {
  const { one, version } = peek();
  if (!one || !text.trim()) return false;
  const place = version && line ? { version: version.version, line } : undefined;
  const made = await attempt(() => api.comment(one.id, text.trim(), place));
  if (!made) return false;
  dispatch({ type: "write", line: 0 });
  await loadOne(true);
  return true;
}

/** Asks before it is done: the dialog takes a message. */
export function ask(act: Act): void {
  const ids = actable(peek(), act);
  if (ids.length) dispatch({ type: "dialog", dialog: { name: "decide", asked: { act, ids } } });
}

const DONE: Record<Act, string> = {
  approve: "approved",
  reject: "rejected",
  "request-changes": "sent back for changes",
  withdraw: "withdrawn",
};

export async function decide(act: Act, ids: readonly string[], message: string): Promise<void> {
  const { route, one } = peek();
  dispatch({ type: "dialog", dialog: null });
  const [id] = ids;
  if (route.page === "one" && one && id === one.id) {
    const submission = await attempt(() => api.decide(id, act, message, one.version));
    if (submission) {
      dispatch({ type: "got", submission });
      say(`Submission ${submission.number} is ${outcomeWords(act, submission.state)}.`);
    } else await loadOne(true);
  } else {
    const answer = await attempt(() => api.bulk(ids, { act, message }));
    if (answer) tellBulk(answer.results, DONE[act]);
  }
  await loadList(lastList);
}

function outcomeWords(act: Act, state: api.SubmissionState): string {
  if (state === "applied") return "approved and applied";
  if (state === "failed") return "approved, but the cluster refused it";
  return DONE[act];
}

function tellBulk(results: readonly api.BulkResult[], done: string): void {
  const failed = results.filter((one) => !one.ok);
  const count = results.length - failed.length;
  if (count) say(`${plural(count, "submission")} ${done}.`);
  for (const one of failed.slice(0, 3)) {
    say(`${one.id}: ${one.message ?? "was not changed"}`, { tone: "bad" });
  }
  dispatch({ type: "mark", ids: results.map((one) => one.id), isOn: false });
}

/** Assigns to a person, or to nobody. */
export async function assign(assignee: string | null): Promise<void> {
  const { one, route } = peek();
  if (route.page === "one" && one) {
    const submission = await attempt(() => api.assign(one.id, assignee));
    if (submission) dispatch({ type: "got", submission });
    return;
  }
  const { marked, cursor, submissions } = peek();
  const ids = marked.size ? [...marked] : [cursor];
  const may = submissions.filter((each) => ids.includes(each.id) && each.may.includes("assign"));
  if (!may.length) return;
  const answer = await attempt(() =>
    api.bulk(
      may.map((each) => each.id),
      { assignee },
    ),
  );
  if (answer) tellBulk(answer.results, assignee ? "taken" : "handed back");
  await loadList();
}

export async function resubmit(text: string, message: string): Promise<boolean> {
  const { one } = peek();
  if (!one) return false;
  const submission = await attempt(() => api.resubmit(one.id, text, message));
  if (!submission) return false;
  dispatch({ type: "rewrite", isOn: false });
  go({ page: "one", id: one.id, tab: "text", version: 0 }, true);
  dispatch({ type: "got", submission });
  say(`Version ${submission.version} waits for review.`);
  return true;
}

/** Runs something that asks the server; what goes wrong is said in the server's own words. */
async function attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (problem) {
    say(wordsOf(problem), { tone: "bad" });
    return undefined;
  }
}

function wordsOf(problem: unknown): string {
  if (problem instanceof RequestError) return problem.message;
  throw problem;
}
