import { describe, expect, it } from "vitest";
import { containerWords } from "./pod-summary";

const NOW = Date.parse("2026-01-01T00:10:00Z");

describe("a container in words", () => {
  it.each([
    [undefined, "waiting to start"],
    [
      { name: "a", state: { running: { startedAt: "2026-01-01T00:09:00Z" } }, restartCount: 1 },
      "running for 1 min, restarted once",
    ],
    [
      { name: "a", state: { waiting: { reason: "ErrImagePull", message: "not found" } } },
      "waiting: ErrImagePull, not found",
    ],
    [
      { name: "a", state: { terminated: { exitCode: 3, reason: "Error" } }, restartCount: 4 },
      "ended with exit code 3 (Error), restarted 4 times",
    ],
  ])("%#", (status, words) => {
    expect(containerWords(status, NOW)).toBe(words);
  });
});
