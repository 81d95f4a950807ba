/** The part of the protocol that is about people: who is here, where, whose keys count. */

export type Role = "owner" | "teacher" | "editor" | "viewer";

/** Where a person is in the page. */
export interface Place {
  dock?: string;
  tab?: string;
  picture?: string;
  view?: string;
  file?: string;
  line?: number;
  column?: number;
  lines?: number;
  typing?: boolean;
  hidden?: boolean;
  filter?: { namespace?: string; text?: string; state?: string };
}

export interface Whereabouts {
  focus?: string | null;
  place?: Place;
}

export interface Person extends Whereabouts {
  id: string;
  name: string;
  color?: string;
  role?: string;
  /** Pages of this person that are open. */
  tabs?: number;
  /** The person whom they follow. */
  following?: string;
}

/** Who was behind a change, and with what. */
export interface Author {
  id: string;
  name: string;
  source: string;
  agent?: string;
}

/** What followers see of an editor; what is missing is as before. */
export interface Mirror {
  person: string;
  file?: string;
  text?: string;
  cut?: boolean;
  anchor?: number;
  head?: number;
  top?: number;
}

export interface TerminalListed {
  number: number;
  title: string;
  kind?: "console" | "exec";
  over?: boolean;
}

export type PeopleFrame =
  | { type: "presence"; seq?: number; people: Person[] }
  | { type: "places"; seq?: number; places: Record<string, Whereabouts> }
  | ({ type: "mirror"; seq?: number } & Mirror)
  | { type: "invite"; seq?: number; person: string }
  | { type: "note"; seq?: number; message: string }
  | { type: "terminals"; seq?: number; terminals: TerminalListed[] };

export type PeopleClientFrame =
  | { type: "presence"; focus: string | null; place?: Place }
  | { type: "follow"; person: string | null }
  | ({ type: "mirror" } & Omit<Mirror, "person" | "cut">)
  | { type: "invite" };

/** Whose keys a terminal takes. */
export interface KeyboardFrame {
  type: "keyboard";
  seq?: number;
  holder: Person | null;
  asking: Person[];
  free_in_ms: number;
  people: Person[];
  /** This page's keys were not taken. */
  refused?: boolean;
}

export type KeyboardClientFrame = {
  type: "keyboard";
  action: "ask" | "withdraw" | "give";
  to?: string | null;
};
