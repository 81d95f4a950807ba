/** The REST API's part about links and people. */
import type { Person, Role } from "../protocol/people";
import { call } from "./playground";

/** What a link gives: a role, or a copy of the session. */
export type SharedRole = Exclude<Role, "owner"> | "fork";

export interface Link {
  id: number;
  role: SharedRole;
  label: string;
  url: string;
  state: "good" | "expired" | "revoked" | "used-up";
  expires_at: string | null;
  uses: number;
  uses_max: number | null;
  /** Ids of those who came by it and are still in the session. */
  people: string[];
}

export interface LinkWish {
  role: SharedRole;
  label?: string;
  minutes?: number;
  uses?: number;
}

export interface Member extends Person {
  role: Role;
  joined_at: string;
  link?: number | null;
}

export class SharingApi {
  constructor(private readonly id: string) {}

  private path(rest: string): string {
    return `/sessions/${this.id}${rest}`;
  }

  async links(): Promise<Link[]> {
    return (await call<{ links: Link[] }>("GET", this.path("/shares"))).links;
  }

  makeLink(wish: LinkWish): Promise<Link> {
    return call("POST", this.path("/shares"), wish);
  }

  revokeLink(number: number, people: "stay" | "leave"): Promise<{ left: number }> {
    return call("DELETE", this.path(`/shares/${number}?people=${people}`));
  }

  qrUrl(number: number): string {
    return `/api/v1${this.path(`/shares/${number}/qr.svg`)}`;
  }

  async members(): Promise<Member[]> {
    return (await call<{ people: Member[] }>("GET", this.path("/people"))).people;
  }

  changeRole(person: string, role: Role): Promise<Member> {
    return call("PATCH", this.path(`/people/${person}`), { role });
  }

  remove(person: string): Promise<void> {
    return call("DELETE", this.path(`/people/${person}`));
  }

  /** Another secret of one's own; what was handed out before stops working. */
  renewKey(): Promise<{ server: string }> {
    return call("POST", this.path("/key"), {});
  }

  rename(name: string): Promise<Person> {
    return call("PATCH", "/me", { name });
  }
}
