import { describe, expect, it } from "vitest";
import {
  activeFile,
  freeName,
  nameFor,
  withFile,
  withoutFile,
  withText,
  type Files,
} from "./files";

const TWO: Files = {
  files: [
    { name: "redis.yaml", text: "a" },
    { name: "web.yaml", text: "b" },
  ],
  active: 1,
};
const EMPTY: Files = { files: [{ name: "manifest.yaml", text: " " }], active: 0 };

describe("the editor's files", () => {
  it("a new one gets a tab of its own", () => {
    const after = withFile(TWO, { name: "db.yaml", text: "c" });
    expect(after.files.length).toBe(3);
    expect(activeFile(after).name).toBe("db.yaml");
  });

  it("a new one takes the place of an empty one", () => {
    expect(withFile(EMPTY, { name: "db.yaml", text: "c" })).toEqual({
      files: [{ name: "db.yaml", text: "c" }],
      active: 0,
    });
  });

  it("the same one is shown instead of opened twice", () => {
    expect(withFile(TWO, { name: "redis.yaml", text: "a" })).toEqual({ ...TWO, active: 0 });
  });

  it("the same name with another text gets a number", () => {
    expect(activeFile(withFile(TWO, { name: "web.yaml", text: "z" })).name).toBe("web-2.yaml");
    expect(freeName(TWO, "web.yaml", 1)).toBe("web.yaml");
  });

  it("closing the active one shows its neighbour", () => {
    expect(activeFile(withoutFile(TWO, 1)).name).toBe("redis.yaml");
    expect(activeFile(withoutFile(TWO, 0)).name).toBe("web.yaml");
  });

  it("closing the last one leaves an empty file", () => {
    expect(activeFile(withoutFile(EMPTY, 0)).text).toBe("");
  });

  it("typing changes only the active one", () => {
    expect(withText(TWO, "new").files.map((file) => file.text)).toEqual(["a", "new"]);
  });

  it("a name comes from the first object", () => {
    expect(nameFor("kind: Pod\nmetadata:\n  name: redis\n")).toBe("redis.yaml");
    expect(nameFor("")).toBe("manifest.yaml");
  });
});
