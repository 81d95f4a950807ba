/** Entry of a classroom's wall: connects, keeps the order calm, shows it. */
import { effect } from "@preact/signals-core";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/bar.css";
import "./styles/panels/menu.css";
import "./styles/panels/dialogs.css";
import "./styles/panels/notices.css";
import "./styles/wall.css";
import { Socket } from "./protocol/socket";
import { applyTheme, keptTheme, onSystemTheme } from "./session/theme";
import { useData } from "./wall/acts";
import type { FromServer } from "./wall/frames";
import { reduce } from "./wall/model";
import {
  connection,
  dialog,
  isTable,
  keepOrder,
  note,
  now,
  settleOrder,
  shown,
  wall,
  type WallData,
} from "./wall/state";
import "./wall/wall";

const TICK_MS = 5000;
const SETTLE_MS = 2000;
/** The order rests that long after the pointer or the keyboard was used among the cards. */
const REST_MS = 3000;
const NOTE_MS = 8000;
const NARROW = "(max-width: 560px)";

function start(): void {
  const element = document.getElementById("wall-data");
  if (!element?.textContent) throw new Error("The page has no classroom data.");
  const data = JSON.parse(element.textContent) as WallData;
  useData(data);
  applyTheme(keptTheme());
  onSystemTheme(() => applyTheme(keptTheme()));
  isTable.value = matchMedia(NARROW).matches;
  const root = document.createElement("py-wall");
  (document.getElementById("wall") ?? document.body).replaceChildren(root);
  connect(data);
  setInterval(() => (now.value = Date.now()), TICK_MS);
  keepCalm(root);
  fadeNotes();
  addEventListener("keydown", closeOnEscape);
}

function connect(data: WallData): void {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new Socket<FromServer, { type: "ping" }>({
    url: `${scheme}://${location.host}${data.ws}`,
    onFrame: (frame) => {
      if (frame.type === "error") note.value = { text: frame.message, isBad: true };
      const isFirst = wall.peek().students.size === 0;
      wall.value = reduce(wall.peek(), frame);
      keepOrder();
      if (isFirst) settleOrder();
    },
    onState: (state) => (connection.value = state),
  });
  socket.start();
}

/** Cards change places at most every two seconds, and never under somebody's hand. */
function keepCalm(root: HTMLElement): void {
  let busyUntil = 0;
  const isBusy = () => (busyUntil = performance.now() + REST_MS);
  for (const event of ["pointermove", "keydown", "scroll"]) {
    root.addEventListener(event, isBusy, { capture: true, passive: true });
  }
  setInterval(() => {
    if (performance.now() > busyUntil) settleOrder();
  }, SETTLE_MS);
}

function fadeNotes(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    clearTimeout(timer);
    if (note.value && !note.value.isBad) timer = setTimeout(() => (note.value = null), NOTE_MS);
  });
}

function closeOnEscape(event: KeyboardEvent): void {
  const isOfMenu = event.target instanceof Element && event.target.closest("[role=menu]") !== null;
  if (event.key === "Escape" && !isOfMenu && !dialog.peek()) shown.value = "";
}

start();
