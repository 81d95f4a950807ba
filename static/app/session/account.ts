/** Where the page leads for one's own things: the server says it, since accounts are optional. */

export interface AccountLinks {
  /** One's own page: name, sessions, data. */
  page: string;
  /** For guests, where there are accounts; empty otherwise. */
  sign_up: string;
  log_in: string;
}

let links: AccountLinks = { page: "/account/", sign_up: "", log_in: "" };

/** Takes what the server wrote into the page. */
export function keepAccountLinks(given: AccountLinks | undefined): void {
  if (given) links = given;
}

export interface AccountDoor {
  label: string;
  href: string;
}

/** The ways to an account, or to one's own page. */
export function accountDoors(): AccountDoor[] {
  const doors: AccountDoor[] = [{ label: "You and your data", href: links.page }];
  if (links.log_in) doors.unshift({ label: "Log in", href: links.log_in });
  if (links.sign_up) doors.unshift({ label: "Sign up to keep this session", href: links.sign_up });
  return doors;
}
