import { describe, expect, it } from "vitest";
import { problemOf } from "./bring";

describe("a file before it is sent", () => {
  it("is fine when it is neither empty nor too large", () => {
    expect(problemOf({ name: "a.zip", size: 10 }, 100)).toBe("");
  });

  it("says what is wrong with it", () => {
    expect(problemOf({ name: "a.zip", size: 0 }, 100)).toBe("a.zip is empty.");
    expect(problemOf({ name: "a.zip", size: 3 << 20 }, 2 << 20)).toContain("at most 2 MB");
  });
});
