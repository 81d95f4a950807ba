/** A session from a file: chosen, or dropped anywhere on the page. Without scripts a form does it. */
import { importSession, RequestError } from "../api/playground";

/** What is wrong with a file before it is sent; empty: nothing. */
export function problemOf(file: { name: string; size: number }, bytesMax: number): string {
  if (!file.size) return `${file.name} is empty.`;
  if (file.size > bytesMax) {
    const most = Math.floor(bytesMax / 1024 / 1024);
    return `${file.name} is too large: at most ${most} MB are accepted.`;
  }
  return "";
}

export function offerBring(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const said = form.querySelector<HTMLElement>(".bring-said");
  if (!input || !said) return;
  const bytesMax = Number(form.dataset["bytesMax"] ?? 0) || Infinity;
  const take = (file: File | undefined): void => {
    if (file) void bring(file, bytesMax, said);
    input.value = "";
  };
  input.addEventListener("change", () => take(input.files?.[0]));
  listenForDrops(take);
}

async function bring(file: File, bytesMax: number, said: HTMLElement): Promise<void> {
  const problem = problemOf(file, bytesMax);
  said.classList.toggle("bad", problem !== "");
  said.textContent = problem || `Bringing ${file.name} back…`;
  if (problem) return;
  try {
    const session = await importSession(file);
    location.assign(session.url);
  } catch (error) {
    said.classList.add("bad");
    said.textContent = error instanceof RequestError ? error.message : String(error);
  }
}

function listenForDrops(take: (file: File | undefined) => void): void {
  let depth = 0;
  const show = (by: number): void => {
    depth = Math.max(0, depth + by);
    document.body.classList.toggle("dropping", depth > 0);
  };
  addEventListener("dragenter", (event) => {
    if (event.dataTransfer?.types.includes("Files")) show(1);
  });
  addEventListener("dragleave", () => show(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    show(-depth);
    take(event.dataTransfer?.files[0]);
  });
}
