import { describe, expect, it } from "vitest";
import { find, match } from "./finding";

const items = ["Pause the cluster", "redis", "redis-replica", "web-redis", "node-1"].map(
  (title) => ({
    title,
  }),
);

describe("finding", () => {
  it("puts the beginning of a title before its middle", () => {
    expect(find(items, "redis", 9).map((item) => item.title)).toEqual([
      "redis",
      "redis-replica",
      "web-redis",
    ]);
  });

  it.each([
    ["pse", "Pause the cluster"],
    ["cluster pause", "Pause the cluster"],
    ["N1", "node-1"],
  ])("%s finds %s", (query, title) => {
    expect(find(items, query, 1)[0]?.title).toBe(title);
  });

  it("finds nothing for letters that are not there", () => {
    expect(find(items, "xyz", 9)).toEqual([]);
    expect(match("redis", "rz")).toBe(null);
  });

  it("shows all, up to the limit, when nothing is typed", () => {
    expect(find(items, " ", 2).length).toBe(2);
  });
});
