/** Entry of the workspace page: reads what the server wrote into it, connects, shows it. */
import { effect } from "@preact/signals-core";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/workspace.css";
import { listenForKeys } from "./panels/keys";
import "./panels/workspace";
import { keepAccountLinks } from "./session/account";
import { followClassroom, isOff } from "./session/classroom";
import { connect, type SessionData } from "./session/context";
import { fetchExamples } from "./session/examples";
import { followLesson } from "./session/lesson";
import { tellPresence } from "./session/presence";
import { hearPeople } from "./session/people";
import { followReview } from "./session/review";
import { followTerminals, restoreTerminals } from "./session/terminals";
import { applyTheme, keptTheme, onSystemTheme } from "./session/theme";
import { fromQuery, toQuery } from "./state/address";
import {
  dispatch,
  filter,
  inspectorTab,
  peek,
  picture,
  selection,
  theme,
  view,
} from "./state/store";

function start(): void {
  const element = document.getElementById("session-data");
  if (!element?.textContent) throw new Error("The page has no session data.");
  const data = JSON.parse(element.textContent) as SessionData;
  connect(data, { ...fromQuery(location.search), theme: keptTheme() });
  effect(() => applyTheme(theme.value));
  onSystemTheme(() => applyTheme(peek().theme));
  effect(writeAddress);
  tellPresence();
  listenForKeys();
  keepAccountLinks(data.account);
  followClassroom(data);
  void restoreTerminals(data.role !== "viewer" && !isOff("console"));
  followTerminals();
  hearPeople();
  void fetchExamples();
  followReview();
  followLesson();
  const root = document.createElement("py-workspace");
  (document.getElementById("workspace") ?? document.body).replaceChildren(root);
  requestAnimationFrame(() => void import("./panels/later"));
  addEventListener("popstate", () => {
    dispatch({ type: "patch", values: fromQuery(location.search) });
  });
}

/** Keeps the address in step with what is shown, without filling the history. */
function writeAddress(): void {
  const query = toQuery({
    selection: selection.value,
    inspectorTab: inspectorTab.value,
    filter: filter.value,
    view: view.value,
    picture: picture.value,
  });
  const next = location.pathname + (query ? `?${query}` : "") + location.hash;
  if (next !== location.pathname + location.search + location.hash) {
    history.replaceState(null, "", next);
  }
}

start();
