import { describe, expect, it } from "vitest";
import { checkText } from "./check";
import type { Schema, SchemaSource } from "./source";

const POD: Schema = {
  root: "Pod",
  definitions: {
    Pod: {
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { ref: "ObjectMeta" },
        spec: { ref: "PodSpec" },
      },
    },
    ObjectMeta: {
      properties: {
        name: { type: "string" },
        labels: { type: "object", values: { type: "string" } },
      },
    },
    PodSpec: {
      required: ["containers"],
      properties: {
        containers: { type: "array", items: { ref: "Container" } },
        restartPolicy: { type: "string", enum: ["Always", "OnFailure", "Never"] },
        hostNetwork: { type: "boolean" },
        terminationGracePeriodSeconds: { type: "integer" },
      },
    },
    Container: {
      required: ["name"],
      properties: {
        name: { type: "string" },
        image: { type: "string" },
        args: { type: "array", items: { type: "string" } },
        volumeMounts: { type: "array", items: "VolumeMount" },
        resources: { ref: "Resources" },
      },
    },
    Resources: {
      properties: { requests: { type: "object", values: { ref: "x.Quantity" } } },
    },
    "x.Quantity": { type: "string", properties: {} },
    VolumeMount: {
      required: ["mountPath", "name"],
      properties: { name: { type: "string" }, mountPath: { type: "string" } },
    },
  },
};

const SOURCE: SchemaSource = {
  schema: async (apiVersion, kind) => (apiVersion === "v1" && kind === "Pod" ? POD : null),
  kinds: async () => [
    { apiVersion: "v1", kind: "Pod", namespaced: true },
    { apiVersion: "apps/v1", kind: "Deployment", namespaced: true },
  ],
};

const pod = (spec: string) => `apiVersion: v1
kind: Pod
metadata:
  name: redis
spec:
${spec}`;

async function problems(text: string): Promise<string[]> {
  const found = await checkText(text, SOURCE);
  return found.map((one) => `${one.line}:${one.column} ${one.message}`);
}

describe("a manifest", () => {
  it("that is right has no problems", async () => {
    const text = pod(
      "  containers:\n  - name: redis\n    image: redis\n    resources:\n" +
        "      requests:\n        cpu: 500m\n        memory: 1",
    );
    expect(await problems(text)).toEqual([]);
  });

  it.each([
    [
      "with a misspelt field",
      pod("  containers:\n  - name: a\n    volumeMount: []"),
      ["8:5 unknown field volumeMount; did you mean volumeMounts?"],
    ],
    [
      "with a strange field",
      pod("  containers:\n  - name: a\n    zzz: 1"),
      ["8:5 unknown field zzz"],
    ],
    [
      "with a number where text belongs",
      pod("  containers:\n  - name: 5"),
      ["7:11 name is text, not 5"],
    ],
    [
      "with text where a number belongs",
      pod("  containers:\n  - name: a\n  terminationGracePeriodSeconds: soon"),
      ["8:34 terminationGracePeriodSeconds is a whole number, not soon"],
    ],
    [
      "with a wrong word",
      pod("  containers:\n  - name: a\n  restartPolicy: never"),
      ["8:18 restartPolicy is one of Always, OnFailure, Never, not never"],
    ],
    [
      "with a mapping where a list belongs",
      pod("  containers:\n    name: a"),
      ['7:5 containers is a list: begin each entry with "- "'],
    ],
    [
      "with text where fields belong",
      "apiVersion: v1\nkind: Pod\nmetadata: redis",
      ["3:11 metadata holds fields: put them on lines below, indented"],
    ],
    ["without a required field", pod("  containers:\n  - image: redis"), ["7:5 missing name"]],
    [
      "with a required field missing in a list of a list",
      pod("  containers:\n  - name: a\n    volumeMounts:\n    - name: x"),
      ["9:7 missing mountPath"],
    ],
    [
      "with a key twice",
      pod("  containers:\n  - name: a\n    name: b"),
      ["8:5 this key is there twice"],
    ],
    [
      "with a number where a label's text belongs",
      "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    version: 1.5",
      ["5:14 version is text, not 1.5"],
    ],
    [
      "with a list where a quantity belongs",
      pod("  containers:\n  - name: a\n    resources:\n      requests: {cpu: [1]}"),
      ["9:23 cpu is a quantity, not a list"],
    ],
    [
      "of a misspelt kind",
      "apiVersion: v1\nkind: pod",
      ["2:7 unknown kind pod; did you mean Pod?"],
    ],
    [
      "in the wrong group",
      "apiVersion: v1\nkind: Deployment",
      ["1:13 Deployment is in apps/v1, not in v1"],
    ],
    ["without a kind", "apiVersion: v1\nmetadata: {}", ["1:1 missing kind"]],
    ["that is a list", "- a\n- b", ["1:1 a manifest is a mapping with apiVersion and kind"]],
  ])("%s", async (_name, text, expected) => {
    expect(await problems(text)).toEqual(expected);
  });

  it("of a kind that a CRD brings is not checked", async () => {
    expect(await problems("apiVersion: example.com/v1\nkind: Widget\nspec: {x: 1}")).toEqual([]);
  });

  it.each([
    ["a\tb: 1\n\tc: 2", "YAML is indented with spaces, not with tabs"],
    [pod("  containers:\n  - name: a\n  no"), "a key needs a colon and a value after it"],
    ['apiVersion: v1\nkind: "Pod', "this text has no closing quote"],
  ])("with broken syntax %j says so in plain words", async (text, words) => {
    const found = await checkText(text, SOURCE);
    expect(found.map((one) => one.message)).toContain(words);
  });

  it("with broken syntax is still checked above it", async () => {
    const text = pod("  containers:\n  - name: a\n    imag: b\n  no");
    expect((await problems(text))[0]).toBe("8:5 unknown field imag; did you mean image?");
  });

  it("with broken syntax says where", async () => {
    const [first] = await problems("apiVersion: v1\nkind: [Pod");
    expect(first).toMatch(/^2:/);
  });

  it("may have several documents, each with its own lines", async () => {
    const text = `${pod("  containers:\n  - name: a")}\n---\napiVersion: v1\nkind: Pod\nspek: {}`;
    expect(await problems(text)).toEqual(["11:1 unknown field spek; did you mean spec?"]);
  });

  it("offers the fix", async () => {
    const [found] = await checkText(pod("  containers:\n  - name: a\n    imag: b"), SOURCE);
    expect(found).toMatchObject({ fix: "image", length: 4 });
  });
});
