/** Entry of the waiting room: asks how it stands, and goes on when it is one's turn. */
import "./landing";
import { waitingStanding, type Waiting } from "./api/playground";
import { expectedText, lineText } from "./landing/line";

const ASK_MS = 3000;
const ASK_AGAIN_MS = 8000;

function show(waiting: Waiting, before: number): void {
  const facts: Record<string, string> = {
    position: String(waiting.position),
    ahead: String(waiting.ahead),
    expected: expectedText(waiting.expected_seconds),
  };
  if (waiting.position !== before) facts["said"] = lineText(waiting);
  for (const [name, text] of Object.entries(facts)) {
    const element = document.querySelector(`[data-fact="${name}"]`);
    if (element && element.textContent !== text) element.textContent = text;
  }
  document.title = `${waiting.position} in line · Podyard`;
}

async function ask(ticket: string, before: number): Promise<void> {
  let next = before;
  let pause = ASK_MS;
  try {
    const answer = await waitingStanding(ticket);
    if (answer.session) {
      location.assign(answer.session.url);
      return;
    }
    if (answer.waiting) {
      show(answer.waiting, before);
      next = answer.waiting.position;
    }
  } catch {
    pause = ASK_AGAIN_MS;
  }
  setTimeout(() => void ask(ticket, next), pause);
}

const data = document.getElementById("waiting-data")?.textContent;
if (data) {
  const waiting = JSON.parse(data) as Waiting;
  show(waiting, -1);
  setTimeout(() => void ask(waiting.ticket, waiting.position), ASK_MS);
}
