import { describe, expect, it } from "vitest";
import { distance, nearest } from "./suggest";

describe("what was probably meant", () => {
  it.each([
    ["volumeMount", ["volumes", "volumeMounts", "volumeDevices"], "volumeMounts"],
    ["Image", ["image", "imagePullPolicy"], "image"],
    ["contianers", ["containers", "initContainers"], "containers"],
    ["zzz", ["name", "image"], null],
    ["x", [], null],
  ])("by %s among %j is %s", (word, names, expected) => {
    expect(nearest(word, names)).toBe(expected);
  });

  it("counts edits, and a swap once", () => {
    expect(distance("", "abc")).toBe(3);
    expect(distance("abc", "acb")).toBe(1);
    expect(distance("kitten", "sitting")).toBe(3);
  });
});
