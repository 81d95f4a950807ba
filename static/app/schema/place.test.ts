import { describe, expect, it } from "vitest";
import { placeAt } from "./place";

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: redis
spec:
  containers:
  - name: redis
    image: redis
    
    resources:
      requests:
        cpu: 500m
  - name: side
    
  volumes:
    - name: data
      emptyDir: {}
---
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      
`.split("\n");

const row = (text: string, from = 0) =>
  POD.findIndex((line, index) => index >= from && line.includes(text));

describe("the place of a line", () => {
  it.each([
    ["  name: redis", "metadata"],
    ["image: redis", "spec.containers"],
    ["cpu: 500m", "spec.containers.resources.requests"],
    ["emptyDir", "spec.volumes"],
    ["- name: side", "spec.containers"],
    ["template:", "spec"],
    ["kind: Pod", ""],
  ])("%s is in %s", (text, path) => {
    expect(placeAt(POD, row(text), 0).path.join(".")).toBe(path);
  });

  it("of an empty line follows the cursor's column", () => {
    const blank = POD.indexOf("    ");
    expect(placeAt(POD, blank, 4).path).toEqual(["spec", "containers"]);
    expect(placeAt(POD, blank, 2).path).toEqual(["spec"]);
    const last = POD.length - 2;
    expect(placeAt(POD, last, 6).path).toEqual(["spec", "template", "spec"]);
  });

  it("knows the keys beside it, in its own list item only", () => {
    const blank = POD.indexOf("    ");
    expect(placeAt(POD, blank, 4).siblings.sort()).toEqual(["image", "name", "resources"]);
    const second = row("- name: side") + 1;
    expect(placeAt(POD, second, 4).siblings).toEqual(["name"]);
  });

  it("knows its own document's kind", () => {
    expect(placeAt(POD, row("image"), 0)).toMatchObject({ apiVersion: "v1", kind: "Pod" });
    expect(placeAt(POD, row("template"), 0)).toMatchObject({
      apiVersion: "apps/v1",
      kind: "Deployment",
    });
  });

  it("names the key of the line", () => {
    expect(placeAt(POD, row("- name: side"), 0).key).toBe("name");
    expect(placeAt(["metadata:", '  "a b": 1'], 1, 0).key).toBe("a b");
  });
});
