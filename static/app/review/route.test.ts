import { describe, expect, it } from "vitest";
import { addressOf, LIST, routeOf, type Route } from "./route";

const ROUTES: readonly [name: string, route: Route, address: string][] = [
  ["the list as it opens", LIST, "/review/"],
  [
    "a filtered list",
    { ...LIST, stage: "decided", whose: "mine", text: "web & db" },
    "/review/?stage=decided&whose=mine&text=web+%26+db",
  ],
  [
    "a submission as it opens",
    { page: "one", id: "abc-3", tab: "text", version: 0 },
    "/review/abc-3/",
  ],
  [
    "an older version's effect",
    { page: "one", id: "abc-3", tab: "effect", version: 2 },
    "/review/abc-3/?tab=effect&version=2",
  ],
  [
    "the record of a session",
    { page: "record", session: "abc", source: "kubectl" },
    "/review/record/?session=abc&source=kubectl",
  ],
];

describe("the address", () => {
  it.each(ROUTES)("names %s", (_name, route, address) => {
    expect(addressOf(route)).toBe(address);
    const [path = "", query = ""] = address.split("?");
    expect(routeOf(path, query)).toEqual(route);
  });

  it("falls back where it is nonsense", () => {
    expect(routeOf("/review/", "stage=never&whose=&text=")).toEqual(LIST);
    expect(routeOf("/review/a-1/", "tab=what&version=-4")).toEqual({
      page: "one",
      id: "a-1",
      tab: "text",
      version: 0,
    });
  });
});
