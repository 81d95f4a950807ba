/**
 * The reducer's part about people: who is here, where they are, and what following somebody does
 * to what this page shows. Pure.
 */
import type { PeopleFrame, Person, Place, Whereabouts } from "../protocol/people";
import { parseRef } from "./address";
import type { Action } from "./reducer";
import { NO_FILTER, type InspectorTab, type Picture, type State } from "./state";

const TABS: readonly InspectorTab[] = ["summary", "why", "events", "logs", "yaml"];

/** What changes what is shown: done by the follower, it ends the following. */
const OWN_ACTS: readonly Action["type"][] = [
  "select",
  "inspector-tab",
  "filter",
  "view",
  "picture",
  "dock",
  "editor",
  "side",
];

export function isOwnAct(action: Action): boolean {
  return OWN_ACTS.includes(action.type);
}

export function withFollowing(state: State, person: string | null): State {
  return state.following === person ? state : { ...state, following: person, mirror: null };
}

export function withPeople(
  state: State,
  frame: Extract<PeopleFrame, { type: "presence" | "places" | "mirror" }>,
): State {
  switch (frame.type) {
    case "presence":
      return { ...state, people: frame.people };
    case "places":
      return { ...state, people: state.people.map((one) => moved(one, frame.places[one.id])) };
    case "mirror": {
      const { type: _type, seq: _seq, ...mirror } = frame;
      if (mirror.person !== state.following) return state;
      return { ...state, mirror: { ...state.mirror, ...mirror } };
    }
  }
}

function moved(person: Person, where: Whereabouts | undefined): Person {
  if (!where) return person;
  const { focus: _focus, place: _place, ...rest } = person;
  return { ...rest, ...where };
}

/** The state with what the leader looks at; the same one when nothing is different. */
export function withLeader(state: State, { focus, place = {} }: Whereabouts): State {
  const selection = parseRef(focus ?? "");
  const values: Partial<State> = {
    selection:
      selection?.kind === state.selection?.kind && selection?.key === state.selection?.key
        ? state.selection
        : selection,
    inspectorTab: tabOf(place, state),
    picture: (place.picture === "list" ? "list" : "map") as Picture,
    filter: filterOf(place, state),
    ...dockOf(place, state),
  };
  const isSame = Object.entries(values).every(
    ([name, value]) => state[name as keyof State] === value,
  );
  return isSame ? state : { ...state, ...values };
}

function tabOf(place: Place, state: State): InspectorTab {
  const tab = place.tab as InspectorTab;
  return TABS.includes(tab) ? tab : state.inspectorTab;
}

function filterOf(place: Place, state: State): State["filter"] {
  const filter = { ...NO_FILTER, ...place.filter };
  const { namespace, text, state: podState } = state.filter;
  const isSame =
    filter.namespace === namespace && filter.text === text && filter.state === podState;
  return isSame ? state.filter : filter;
}

/** A terminal that this page does not have is not gone to. */
function dockOf(place: Place, state: State): Partial<State> {
  if (place.dock === undefined) return {};
  if (place.dock === "") return { isDockOpen: false };
  const isKnown =
    !place.dock.startsWith("terminal-") ||
    state.terminals.some((terminal) => `terminal-${terminal.number}` === place.dock);
  return isKnown ? { dockTab: place.dock, isDockOpen: true } : {};
}

/** The person whom this page follows, while they are here. */
export function leaderOf(people: readonly Person[], following: string | null): Person | null {
  return people.find((one) => one.id === following) ?? null;
}

/** Those who follow a person. */
export function followersOf(people: readonly Person[], person: string | undefined): Person[] {
  return person ? people.filter((one) => one.following === person && one.id !== person) : [];
}

/** "edits redis.yaml, line 12", "looks at redis": what a person does, in words. */
export function doingWords(person: Person): string {
  const { focus, place } = person;
  if (place?.hidden) return "has another window in front";
  if (place?.typing && place.file) return `edits ${place.file}, line ${place.line ?? 1}`;
  if (focus) return `looks at ${focus.split("/").at(-1)}`;
  if (place?.file && place.line) return `is in ${place.file}, line ${place.line}`;
  return "";
}
