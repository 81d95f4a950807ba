/** Entry of the review desk: reads who I am, and shows what the address says. */
import { effect } from "@preact/signals-core";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/review.css";
import type { Person } from "./review/api";
import { start } from "./review/acts";
import "./review/desk";
import { listenForKeys } from "./review/keys";
import { keepSeen, keptSeen } from "./review/seen";
import { initial } from "./review/state";
import { begin, seen } from "./review/store";
import { applyTheme, keptTheme, onSystemTheme } from "./session/theme";

interface ReviewData {
  me: Person | null;
  is_reviewer: boolean;
}

applyTheme(keptTheme());
onSystemTheme(() => applyTheme(keptTheme()));

const element = document.getElementById("review-data");
const data = JSON.parse(element?.textContent ?? "{}") as ReviewData;
begin(initial({ me: data.me, isReviewer: data.is_reviewer, seen: keptSeen() }));
effect(() => keepSeen(seen.value));
document.getElementById("review")?.replaceChildren(document.createElement("py-review"));
listenForKeys();
start();
