/** Entry of the landing page and of the pages around a session: looks, theme, illustration. */
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/landing.css";
import "./styles/begin.css";
import "./styles/lessons.css";
import "./styles/account.css";
import { drawYard } from "./landing/art";
import { offerBring } from "./landing/bring";
import { applyTheme, keptTheme, onSystemTheme } from "./session/theme";

applyTheme(keptTheme());
onSystemTheme(() => applyTheme(keptTheme()));

const host = document.querySelector<HTMLElement>(".landing-art");
if (host) drawYard(host);

const bring = document.querySelector<HTMLFormElement>(".bring");
if (bring) offerBring(bring);

/** The button answers at once, and is not pressed twice. */
for (const form of document.querySelectorAll<HTMLFormElement>(".start-form, .begin-form")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    if (!button) return;
    button.classList.add("busy");
    queueMicrotask(() => (button.disabled = true));
  });
}

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll<HTMLButtonElement>(
    ":is(.start-form, .begin-form) button",
  )) {
    button.disabled = false;
    button.classList.remove("busy");
  }
});
