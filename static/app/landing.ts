/** Entry of the landing page and of the pages around a session: looks, theme, illustration. */
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/landing.css";
import "./styles/lessons.css";
import "./styles/account.css";
import { drawYard } from "./landing/art";
import { applyTheme, keptTheme, onSystemTheme } from "./session/theme";

applyTheme(keptTheme());
onSystemTheme(() => applyTheme(keptTheme()));

const host = document.querySelector<HTMLElement>(".landing-art");
if (host) drawYard(host);

/** The button answers at once, and is not pressed twice. */
for (const form of document.querySelectorAll<HTMLFormElement>(".start-form")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    if (!button) return;
    button.classList.add("busy");
    queueMicrotask(() => (button.disabled = true));
  });
}

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll<HTMLButtonElement>(".start-form button")) {
    button.disabled = false;
    button.classList.remove("busy");
  }
});
