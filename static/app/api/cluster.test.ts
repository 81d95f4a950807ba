import { describe, expect, it } from "vitest";
import { asWritten } from "./cluster";

describe("an object as one would write it", () => {
  it("is without what the cluster filled in", () => {
    const stored = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "redis",
        namespace: "default",
        labels: { app: "redis" },
        uid: "u",
        resourceVersion: "7",
        creationTimestamp: "2026-01-01T00:00:00Z",
        managedFields: [],
      },
      spec: { containers: [] },
      status: { phase: "Running" },
    };
    expect(asWritten(stored)).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "redis", namespace: "default", labels: { app: "redis" } },
      spec: { containers: [] },
    });
  });
});
