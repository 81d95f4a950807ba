/** Tells the others where this page is, and its followers what its editor shows; follows others. */
import { computed, effect } from "@preact/signals-core";
import type { Place } from "../protocol/people";
import { followersOf, leaderOf } from "../state/people";
import {
  connection,
  dispatch,
  dockTab,
  filter,
  following,
  inspectorTab,
  isDockOpen,
  people,
  picture,
  say,
  selection,
  you,
} from "../state/store";
import { send } from "./context";
import { editing, isEditing, type Editing } from "./editing";
import { throttle } from "./throttle";

const PLACE_PAUSE_MS = 150;
const MIRROR_PAUSE_MS = 120;
/** The server cuts a longer text, and says so. */
const MIRROR_LENGTH_MAX = 32 * 1024;

const place = computed<Place>(() => {
  const { namespace, text, state } = filter.value;
  const now = editing.value;
  return {
    dock: isDockOpen.value ? dockTab.value : "",
    tab: inspectorTab.value,
    picture: picture.value,
    ...(namespace || text || state ? { filter: { namespace, text, state } } : {}),
    ...(now?.text() ? { file: now.file, line: now.line, column: now.column, lines: now.lines } : {}),
    ...(isEditing.value ? { typing: true } : {}),
  };
});

const focus = computed(() => {
  const chosen = selection.value;
  return chosen ? `${chosen.kind}/${chosen.key}` : null;
});

/** Whether anybody follows this person. */
export const hasFollowers = computed(() => followersOf(people.value, you.value?.id).length > 0);

/** Starts everything; once. */
export function tellPresence(): void {
  effect(tellPlace);
  effect(showMirror);
  effect(tellFollowing);
  effect(goAlong);
  document.addEventListener("visibilitychange", tellPlace);
}

const sendPlace = throttle(PLACE_PAUSE_MS, () => {
  const isHidden = document.visibilityState === "hidden";
  send({
    type: "presence",
    focus: focus.peek(),
    place: { ...place.peek(), ...(isHidden ? { hidden: true } : {}) },
  });
});

/** A server that was away knows nothing of this page any more. */
function tellPlace(): void {
  void [focus.value, place.value];
  if (connection.value === "live") sendPlace();
}

let shown: Editing | null = null;

const sendMirror = throttle(MIRROR_PAUSE_MS, () => {
  const now = editing.peek();
  if (!now || !hasFollowers.peek()) return;
  const isNewText = shown?.version !== now.version || shown.file !== now.file;
  shown = now;
  const { file, anchor, head, top } = now;
  const text = isNewText ? { file, text: now.text().slice(0, MIRROR_LENGTH_MAX + 1) } : {};
  send({ type: "mirror", anchor, head, top, ...text });
});

function showMirror(): void {
  void editing.value;
  if (!hasFollowers.value || connection.value !== "live") shown = null;
  else if (document.visibilityState === "visible") sendMirror();
}

let told: string | null = null;

function tellFollowing(): void {
  const person = following.value;
  if (connection.value !== "live") {
    told = null;
    return;
  }
  if (person !== told) send({ type: "follow", person });
  told = person;
}

let leaderName = "";

/** Goes where the leader goes; stops when the leader has left. */
function goAlong(): void {
  const person = following.value;
  const leader = leaderOf(people.value, person);
  if (leader) {
    leaderName = leader.name;
    dispatch({ type: "followed", whereabouts: leader });
  } else if (person && people.value.length > 0 && connection.value === "live") {
    dispatch({ type: "follow", person: null });
    say(`${leaderName || "The person you followed"} has left.`);
  }
}

/** Follows a person, or stops. */
export function follow(person: string | null): void {
  dispatch({ type: "follow", person });
}

/** Asks everybody to follow this page. */
export function inviteAll(): void {
  send({ type: "invite" });
  say("Everybody here was asked to follow you.");
}
