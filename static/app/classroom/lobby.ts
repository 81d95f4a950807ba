/** What somebody reads who waits for a class to begin. Pure. */
import type { SeatFrame } from "./frames";

export function lobbyText(seat: SeatFrame): string {
  if (seat.state === "removed") return "Your teacher has taken you out of this class.";
  if (seat.room?.state === "ended") return "This class is over.";
  if (seat.state === "waiting") {
    const place = seat.place ? `You are number ${seat.place} on the waiting list` : "You wait";
    return `All seats are taken. ${place}, and get in as soon as one is free.`;
  }
  return "Your cluster is being made ready. It opens by itself when your teacher starts the class.";
}
