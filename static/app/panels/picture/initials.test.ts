import { describe, expect, it } from "vitest";
import type { ScenePod } from "../../protocol/frames";
import { initials } from "./initials";

const pod = (name: string, owner?: string): ScenePod => ({
  key: `default/${name}`,
  namespace: "default",
  name,
  phase: "Running",
  state: "running",
  ...(owner ? { owner: { kind: "Deployment", name: owner } } : {}),
});

describe("the two letters on a tile", () => {
  it.each([
    [pod("redis"), "re"],
    [pod("batch-import"), "bi"],
    [pod("web-6f8d74bf56-2xk4p", "web"), "we"],
    [pod("db-0"), "db"],
    [pod("x"), "x"],
  ])("%#: %s", (given, letters) => {
    expect(initials(given)).toBe(letters);
  });
});
