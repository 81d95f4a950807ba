/** What one may do to the thing under the pointer, as a menu. */
import ban from "lucide-static/icons/ban.svg?raw";
import calendar from "lucide-static/icons/activity.svg?raw";
import code from "lucide-static/icons/braces.svg?raw";
import help from "lucide-static/icons/circle-question-mark.svg?raw";
import logOut from "lucide-static/icons/log-out.svg?raw";
import logs from "lucide-static/icons/scroll-text.svg?raw";
import terminal from "lucide-static/icons/square-terminal.svg?raw";
import trash from "lucide-static/icons/trash-2.svg?raw";
import { openMenu, type MenuItem, type MenuPlace } from "../../elements/menu";
import { FACES } from "../../kinds/registry";
import { drainNode, evictPod, removeObject, toggleCordon } from "../../session/objects";
import { openTerminal } from "../../session/terminals";
import { canWrite, type InspectorTab, type Ref } from "../../state/state";
import { dispatch, peek } from "../../state/store";

export function openRefMenu(ref: Ref, place: MenuPlace): void {
  const { name } = FACES[ref.kind].parts(ref.key);
  openMenu(`Actions on ${name}`, refItems(ref), place);
}

/** The actions on a thing, for its menu and for the palette. */
export function refItems(ref: Ref): MenuItem[] {
  const mayWrite = canWrite(peek());
  const show = (tab: InspectorTab) => () => dispatch({ type: "select", selection: ref, tab });
  const tabs = FACES[ref.kind].tabs;
  const items: MenuItem[] = [];
  if (ref.kind === "pod") {
    items.push(
      {
        label: "Open a terminal",
        icon: terminal,
        isDisabled: !mayWrite || !canEnter(ref.key),
        run: () => void openTerminal(ref.key),
      },
      { label: "Logs", icon: logs, run: show("logs") },
      { label: "Why here", icon: help, run: show("why") },
    );
  }
  if (tabs.includes("events")) items.push({ label: "Events", icon: calendar, run: show("events") });
  items.push({ label: "YAML", icon: code, run: show("yaml") });
  if (mayWrite) items.push(...writing(ref));
  return items;
}

function writing(ref: Ref): MenuItem[] {
  const remove: MenuItem = {
    label: "Delete",
    icon: trash,
    isDangerous: true,
    run: () => void removeObject(ref),
  };
  if (ref.kind === "pod") {
    return [
      { label: "Evict", icon: logOut, isFirst: true, run: () => void evictPod(ref.key) },
      remove,
    ];
  }
  if (ref.kind === "node") {
    const isCordoned = peek().scene.nodes.get(ref.key)?.cordoned ?? false;
    return [
      {
        label: isCordoned ? "Uncordon" : "Cordon",
        icon: ban,
        isFirst: true,
        run: () => void toggleCordon(ref.key),
      },
      { label: "Drain", icon: logOut, run: () => void drainNode(ref.key) },
      remove,
    ];
  }
  return [{ ...remove, isFirst: true }];
}

/** A shell needs a container that runs. */
export function canEnter(key: string): boolean {
  const state = peek().scene.pods.get(key)?.state;
  return state === "running" || state === "notready" || state === "failing";
}
