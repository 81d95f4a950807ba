import { describe, expect, it } from "vitest";
import { sceneOf } from "../state/scene";
import { findRef } from "./lesson";

const scene = sceneOf({
  pods: {
    "default/web-7d9f-abc": {
      key: "default/web-7d9f-abc",
      namespace: "default",
      name: "web-7d9f-abc",
      phase: "Running",
      state: "running",
    },
  },
});

describe("the object that a lesson's link means", () => {
  it("is found by its name", () => {
    const key = "default/web-7d9f-abc";
    expect(findRef(scene, { kind: "pod", key })).toEqual({ kind: "pod", key });
  });

  it("is found by the beginning of its name", () => {
    expect(findRef(scene, { kind: "pod", key: "default/web-*" })?.key).toBe("default/web-7d9f-abc");
  });

  it("is nothing when the picture has no such object", () => {
    expect(findRef(scene, { kind: "pod", key: "default/web" })).toBeNull();
    expect(findRef(scene, { kind: "node", key: "web-*" })).toBeNull();
  });
});
