import { describe, expect, it } from "vitest";
import { fromQuery, parseRef, toQuery } from "./address";
import { NO_FILTER } from "./state";

describe("the address", () => {
  it("is plain for the plain workspace", () => {
    expect(toQuery(fromQuery(""))).toBe("");
  });

  it.each([
    "show=pod/default/redis&tab=why",
    "show=workload/Deployment/web/front",
    "namespace=web&state=failing&filter=app%3Dweb",
    "view=picture",
    "as=list",
  ])("%s comes back as it was", (query) => {
    expect(toQuery(fromQuery(query))).toBe(query);
  });

  it("passes over what it does not know", () => {
    expect(fromQuery("show=planet/x&tab=moon&view=sideways&as=song")).toEqual({
      selection: null,
      inspectorTab: "summary",
      filter: NO_FILTER,
      view: "work",
      picture: "map",
    });
  });

  it.each(["", "pod", "pod/", "/x", "thing/x"])("%j is no reference", (text) => {
    expect(parseRef(text)).toBe(null);
  });
});
