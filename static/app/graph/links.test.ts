import { describe, expect, it } from "vitest";
import { sceneOf } from "../state/scene";
import { linksOf } from "./links";

const SCENE = sceneOf({
  pods: {
    "a/web": {
      key: "a/web",
      namespace: "a",
      name: "web",
      phase: "Running",
      state: "running",
      owner: { kind: "Deployment", name: "web" },
      volumes: ["a/data"],
    },
    "a/db": { key: "a/db", namespace: "a", name: "db", phase: "Running", state: "running" },
  },
  services: {
    "a/web": { key: "a/web", namespace: "a", name: "web", pods: ["a/web"] },
    "a/none": { key: "a/none", namespace: "a", name: "none" },
  },
});

describe("lines across the picture", () => {
  it.each([
    ["service", "a/web", ["service a/web → a/web"]],
    ["service", "a/none", []],
    ["volume", "a/data", ["volume a/data → a/web"]],
    ["workload", "Deployment/a/web", ["workload Deployment/a/web → a/web"]],
    ["workload", "Pod/a/db", ["workload Pod/a/db → a/db"]],
    ["pod", "a/web", ["service a/web → a/web", "volume a/data → a/web"]],
    ["node", "node-1", []],
  ] as const)("of the %s %s", (kind, key, expected) => {
    const links = linksOf(SCENE, { kind, key });
    expect(links.map((link) => `${link.from.kind} ${link.from.key} → ${link.pod}`)).toEqual(
      expected,
    );
  });

  it("are none when nothing is chosen", () => {
    expect(linksOf(SCENE, null)).toEqual([]);
  });
});
