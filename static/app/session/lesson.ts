/** The session's lesson: loaded once, told of progress by the socket, acted in through the API. */
import { effect, signal } from "@preact/signals-core";
import { actInLesson, loadLesson, type LessonAct, type LessonState } from "../api/lessons";
import { FACES } from "../kinds/registry";
import { parseRef } from "../state/address";
import type { Scene } from "../state/scene";
import type { Ref } from "../state/state";
import { connection, dispatch, lesson, lessonProgress, peek, say } from "../state/store";
import { isOff } from "./classroom";
import { attempt, sessionId } from "./context";
import { openInEditor } from "./examples";

/** Asks the console to take some text; the console takes it as soon as there is one. */
export const typeRequest = signal<string | null>(null);

/** Loads the lesson, and again after the connection was away or when another one begins. */
export function followLesson(): void {
  void fetchLesson();
  let isBack = false;
  effect(() => {
    if (connection.value === "reconnecting") isBack = true;
    else if (connection.value === "live" && isBack) {
      isBack = false;
      void fetchLesson();
    }
  });
  effect(() => {
    const told = lessonProgress.value?.slug;
    const known = lesson.value?.slug;
    if (told && known !== told) void fetchLesson();
  });
}

async function fetchLesson(): Promise<void> {
  const found = await attempt(() => loadLesson(sessionId()));
  if (found?.lesson || peek().lesson) accept(found);
}

/** Does something in the lesson. */
export async function act(what: LessonAct): Promise<void> {
  accept(await attempt(() => actInLesson(sessionId(), what)));
}

function accept(found: LessonState | undefined): void {
  if (found) dispatch({ type: "lesson", lesson: found.lesson, progress: found.progress });
}

/** Types a command into the console and runs it, unless it is only to be typed. */
export function runCommand(command: string, isOnlyTyped = false): void {
  if (isOff("console")) {
    say("The console is switched off in this session. Use the YAML, or your own kubectl.");
    return;
  }
  dispatch({ type: "dock", tab: "console" });
  dispatch({ type: "phone-tab", tab: "console" });
  const text = command === "^C" ? "\x03" : isOnlyTyped ? command : `${command}\r`;
  typeRequest.value = text;
}

/** Opens a manifest of the lesson in the editor. */
export function openManifest(name: string): void {
  const text = peek().lesson?.files[name];
  if (text === undefined) return;
  openInEditor(name, text);
  dispatch({ type: "side", tab: "yaml" });
  dispatch({ type: "phone-tab", tab: "yaml" });
}

/** Chooses an object in the picture; a star at the end of its name stands for any rest. */
export function showObject(words: string): void {
  const wanted = parseRef(words);
  if (!wanted) return;
  const found = findRef(peek().scene, wanted);
  if (!found) {
    const { name } = FACES[wanted.kind].parts(wanted.key);
    say(`There is no ${FACES[wanted.kind].kind(wanted.key).toLowerCase()} ${name} yet.`);
    return;
  }
  dispatch({ type: "select", selection: found });
  dispatch({ type: "phone-tab", tab: "picture" });
}

/** The object that is meant, if the picture has it. */
export function findRef(scene: Scene, wanted: Ref): Ref | null {
  const section = {
    pod: scene.pods,
    node: scene.nodes,
    service: scene.services,
    volume: scene.volumes,
    workload: scene.workloads,
  }[wanted.kind];
  const keys = [...section.keys()];
  const isPrefix = wanted.key.endsWith("*");
  const begin = isPrefix ? wanted.key.slice(0, -1) : wanted.key;
  const key = keys.find((one) => (isPrefix ? one.startsWith(begin) : one === begin));
  return key === undefined ? null : { kind: wanted.kind, key };
}
