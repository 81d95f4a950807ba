/** Everything one can do from the keyboard and the palette, in one list. */
import type { MenuItem } from "../elements/menu";
import copy from "lucide-static/icons/copy.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import fork from "lucide-static/icons/git-fork.svg?raw";
import keyboard from "lucide-static/icons/keyboard.svg?raw";
import monitor from "lucide-static/icons/monitor.svg?raw";
import check from "lucide-static/icons/list-checks.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import trash from "lucide-static/icons/trash-2.svg?raw";
import user from "lucide-static/icons/circle-user.svg?raw";
import { MOD } from "../elements/modifier";
import { accountDoors } from "../session/account";
import { isOff } from "../session/classroom";
import { playground } from "../session/context";
import { setSpeed, SPEEDS, step, togglePause } from "../session/clock";
import { examples, runExample } from "../session/examples";
import { follow } from "../session/presence";
import { review, switchReview } from "../session/review";
import { copyText, extendSession, forkSession } from "../session/sharing";
import type { State } from "../state/state";
import { canWrite } from "../state/state";
import { dispatch, peek } from "../state/store";

export interface Command {
  title: string;
  group: string;
  keys?: string;
  run: () => void;
}

const THEMES: readonly State["theme"][] = ["system", "light", "dark"];

/** The menu under ⋯. */
export function sessionItems(): MenuItem[] {
  const mayWrite = canWrite(peek());
  const { theme, session } = peek();
  const items: MenuItem[] = [
    {
      label: "Find anything",
      icon: search,
      hint: `${MOD}K`,
      run: () => dispatch({ type: "dialog", dialog: "palette" }),
    },
    {
      label: "Copy a link to what I see",
      icon: copy,
      run: () => void copyText(location.href, "Link"),
    },
    {
      label: "Download kubeconfig",
      icon: download,
      href: playground().kubeconfigUrl(),
      download: true,
      isFirst: true,
    },
    ...(isOff("export")
      ? []
      : [
          {
            label: "Export the manifests",
            icon: download,
            href: playground().exportUrl("yaml"),
            download: true,
          },
        ]),
    ...(session.role === "viewer" || isOff("export")
      ? []
      : [
          {
            label: "Export the session",
            icon: download,
            href: playground().exportUrl(),
            download: true,
          },
        ]),
    ...(session.role === "viewer" || isOff("fork")
      ? []
      : [{ label: "Fork this cluster", icon: fork, run: () => void forkSession() }]),
    ...reviewItems(),
  ];
  for (const one of THEMES) {
    items.push({
      label: one === "system" ? "Theme of the system" : one === "light" ? "Light" : "Dark",
      isChecked: theme === one,
      isFirst: one === "system",
      run: () => dispatch({ type: "theme", theme: one }),
    });
  }
  items.push(
    {
      label: "Wall display",
      icon: monitor,
      isFirst: true,
      run: () => dispatch({ type: "view", view: "picture" }),
    },
    {
      label: "Keys",
      icon: keyboard,
      hint: "?",
      run: () => dispatch({ type: "dialog", dialog: "keys" }),
    },
  );
  for (const [at, door] of accountDoors().entries()) {
    items.push({ ...door, icon: user, isFirst: at === 0 });
  }
  if (mayWrite && session.role === "owner" && !isOff("end")) {
    items.push({
      label: "Delete this session",
      icon: trash,
      isFirst: true,
      isDangerous: true,
      run: () => dispatch({ type: "dialog", dialog: "confirm-delete" }),
    });
  }
  return items;
}

function reviewItems(): MenuItem[] {
  const found = review.peek();
  if (!found?.may_switch) return [];
  const label = found.on ? "Turn review off" : "Turn review on";
  return [{ label, icon: check, run: () => void switchReview(!found.on) }];
}

export function commands(): Command[] {
  const state = peek();
  const list: Command[] = [];
  const add = (group: string, title: string, run: () => void, keys?: string) =>
    list.push({ group, title, run, ...(keys ? { keys } : {}) });
  if (canWrite(state) && !isOff("clock")) {
    add("Clock", state.clock.paused ? "Resume the cluster" : "Pause the cluster", togglePause, "P");
    add("Clock", "Step to the next thing that happens", step, "S");
    for (const speed of SPEEDS) add("Clock", `Run at ${speed}×`, () => setSpeed(speed));
  }
  if (canWrite(state)) {
    for (const example of examples.value) {
      add("Examples", `Run ${example.title}`, () => void runExample(example));
    }
    if (!isOff("extend")) add("Session", "Extend the session", () => void extendSession());
  }
  if (state.lesson) {
    const show = (tab: "lesson" | "yaml") => () => {
      dispatch({ type: "side", tab });
      dispatch({ type: "phone-tab", tab });
    };
    add("Lesson", "Read the lesson", show("lesson"));
    add("Lesson", "Show the YAML beside the picture", show("yaml"));
  }
  add("View", "Console", () => dispatch({ type: "dock", tab: "console" }), "C");
  add("View", "Events", () => dispatch({ type: "dock", tab: "events" }), "E");
  add("View", "Timeline", () => dispatch({ type: "dock", tab: "timeline" }), "T");
  add("View", state.isEditorOpen ? "Hide the editor" : "Show the editor", toggleEditor, "Y");
  add("View", state.isDockOpen ? "Hide the dock" : "Show the dock", toggleDock, "D");
  add("View", "Picture as a list", togglePicture, "L");
  add("View", "Filter the picture", focusFilter, "/");
  add("View", "Wall display", () => dispatch({ type: "view", view: "picture" }), "W");
  for (const theme of THEMES) {
    add("Theme", `Theme: ${theme}`, () => dispatch({ type: "theme", theme }));
  }
  add("People", "Who is here", () => dispatch({ type: "dialog", dialog: "people" }), "U");
  if (state.following) add("People", "Stop following", () => follow(null));
  for (const person of state.people) {
    if (person.id === state.you?.id) continue;
    add("People", `Follow ${person.name}`, () => follow(person.id));
  }
  if (!isOff("share")) {
    add("Session", "Share", () => dispatch({ type: "dialog", dialog: "share" }));
  }
  add("Session", "Copy a link to what I see", () => void copyText(location.href, "Link"));
  add("Session", "Download kubeconfig", () => location.assign(playground().kubeconfigUrl()));
  if (!isOff("export")) {
    add("Session", "Export the manifests", () => location.assign(playground().exportUrl("yaml")));
    if (state.session.role !== "viewer") {
      add("Session", "Export the session", () => location.assign(playground().exportUrl()));
    }
  }
  if (state.session.role !== "viewer" && !isOff("fork")) {
    add("Session", "Fork this cluster", () => void forkSession());
  }
  for (const { label, run } of reviewItems()) if (run) add("Session", label, run);
  for (const { label, href } of accountDoors()) {
    add("People", label, () => location.assign(href));
  }
  add("Help", "Keys", () => dispatch({ type: "dialog", dialog: "keys" }), "?");
  return list;
}

export function toggleEditor(): void {
  dispatch({ type: "editor", isOpen: !peek().isEditorOpen });
}

export function toggleDock(): void {
  dispatch({ type: "dock", isOpen: !peek().isDockOpen });
}

export function togglePicture(): void {
  dispatch({ type: "picture", picture: peek().picture === "list" ? "map" : "list" });
}

export function focusFilter(): void {
  document.querySelector<HTMLInputElement>("#filter-text")?.focus();
}
