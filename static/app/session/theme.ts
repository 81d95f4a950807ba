/** Light, dark, or as the system has it. */
import type { State } from "../state/state";

type Theme = State["theme"];
const KEY = "podyard-theme";

export function keptTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** Puts the theme on the page, and keeps the choice. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  const isDark = theme === "dark" || (theme === "system" && prefersDark().matches);
  document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
}

/** Calls back when the system changes its mind. */
export function onSystemTheme(run: () => void): void {
  prefersDark().addEventListener("change", run);
}

function prefersDark(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}
