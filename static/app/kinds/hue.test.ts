import { describe, expect, it } from "vitest";
import { assignHues, HUES, SYSTEM_HUE, workloadOf } from "./hue";

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `Deployment/default/app-${index}`);

describe("hues of workloads", () => {
  it("differ while there are enough of them", () => {
    const hues = assignHues(new Map(), names(HUES.length));
    expect(new Set(hues.values()).size).toBe(HUES.length);
  });

  it("stay when other workloads come and go", () => {
    const before = assignHues(new Map(), names(4));
    const after = assignHues(before, [...names(4).slice(1), "Job/default/import"]);
    for (const name of names(4).slice(1)) expect(after.get(name)).toBe(before.get(name));
    expect(after.has(names(1)[0]!)).toBe(false);
  });

  it("do not depend on the order in which workloads are told", () => {
    const forwards = assignHues(new Map(), names(6));
    const backwards = assignHues(new Map(), names(6).reverse());
    expect(new Map([...backwards].sort())).toEqual(new Map([...forwards].sort()));
  });

  it("are the same object when nothing changed", () => {
    const before = assignHues(new Map(), names(3));
    expect(assignHues(before, names(3))).toBe(before);
  });

  it("leave the cluster's own pods grey", () => {
    const hues = assignHues(new Map(), ["Deployment/kube-system/coredns"]);
    expect([...hues.values()]).toEqual([SYSTEM_HUE]);
  });

  it("treat a pod without an owner as its own workload", () => {
    const pod = {
      key: "a/b",
      namespace: "a",
      name: "b",
      phase: "Running",
      state: "running",
    } as const;
    expect(workloadOf(pod)).toBe("Pod/a/b");
    expect(workloadOf({ ...pod, owner: { kind: "Job", name: "c" } })).toBe("Job/a/c");
  });
});
