/** Entry of the classrooms' pages: list, form, join, lobby. Everything works without it, slower. */
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/landing.css";
import "./styles/classroom.css";
import type { FromSeat, SeatFrame } from "./classroom/frames";
import { lobbyText } from "./classroom/lobby";
import { Socket } from "./protocol/socket";
import { applyTheme, keptTheme, onSystemTheme } from "./session/theme";

interface SeatData {
  ws: string;
}

applyTheme(keptTheme());
onSystemTheme(() => applyTheme(keptTheme()));
localTimes();
utcFields();
const data = document.getElementById("seat-data")?.textContent;
if (data) waitInLobby(JSON.parse(data) as SeatData);

/** Times in the reader's own zone. */
function localTimes(): void {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    time.textContent = format.format(new Date(time.dateTime));
  }
}

/** A local date and time goes into the hidden field beside it, in UTC. */
function utcFields(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-utc]")) {
    const hidden = input.parentElement?.querySelector<HTMLInputElement>("input[type=hidden]");
    input.addEventListener("change", () => {
      if (hidden) hidden.value = input.value ? new Date(input.value).toISOString() : "";
    });
  }
}

function waitInLobby({ ws }: SeatData): void {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new Socket<FromSeat, { type: "ping" }>({
    url: `${scheme}://${location.host}${ws}`,
    onFrame: (frame) => {
      if (frame.type === "seat") showLobby(frame);
    },
    onState: () => {},
  });
  socket.start();
}

function showLobby(seat: SeatFrame): void {
  if (seat.state === "working" && seat.url) {
    location.replace(seat.url);
    return;
  }
  const lobby = document.getElementById("lobby");
  const text = lobbyText(seat);
  if (lobby && lobby.textContent?.trim() !== text) {
    const line = document.createElement("p");
    line.textContent = text;
    lobby.replaceChildren(line);
  }
}
