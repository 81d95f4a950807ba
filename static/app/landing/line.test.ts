import { describe, expect, it } from "vitest";
import { expectedText, lineText } from "./line";

describe("a place in line", () => {
  it("says when a place is free, or that nobody knows", () => {
    expect(expectedText(null)).toBe("not known");
    expect(expectedText(20)).toBe("a minute");
    expect(expectedText(1800)).toBe("30 min");
  });

  it("says whose turn it is", () => {
    expect(lineText({ position: 1, ahead: 0 })).toBe("You are next.");
    expect(lineText({ position: 3, ahead: 2 })).toBe("You are number 3 in line.");
  });
});
