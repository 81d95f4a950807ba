/** What people do to each other: invitations, notes, names, roles. Asked of the server. */
import type { Person, Role } from "../protocol/people";
import { peek, say } from "../state/store";
import { sentence } from "../words";
import { attempt, onFrame, sharing } from "./context";
import { follow } from "./presence";

/** Shows what is said to this person once. */
export function hearPeople(): void {
  onFrame((frame) => {
    if (frame.type === "note") say(sentence(frame.message));
    if (frame.type === "invite") invited(frame.person);
  });
}

function invited(person: string): void {
  const { people, following } = peek();
  const leader = people.find((one) => one.id === person);
  if (!leader || following === person) return;
  say(`${leader.name} asks you to follow.`, {
    action: { label: "Follow", run: () => follow(person) },
  });
}

/** Gives this person another name, for all to see. */
export async function rename(name: string): Promise<void> {
  await attempt(() => sharing().rename(name));
}

export async function changeRole(person: Person, role: Role): Promise<boolean> {
  return (await attempt(() => sharing().changeRole(person.id, role))) !== undefined;
}

/** Sends somebody out; true when it was done. */
export async function remove(person: Person): Promise<boolean> {
  return (await attempt(async () => (await sharing().remove(person.id), true))) ?? false;
}

/** Leaves the session for good. */
export async function leave(): Promise<void> {
  await attempt(async () => {
    await sharing().remove("me");
    location.assign("/");
  });
}

/** Another secret of one's own: addresses and kubeconfigs from before stop working. */
export async function renewKey(): Promise<void> {
  const renewed = await attempt(() => sharing().renewKey());
  if (renewed) say("Your address is new. Download your kubeconfig again.");
}
