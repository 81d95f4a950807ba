/**
 * Checks YAML against Kubernetes' types: syntax, duplicate keys, unknown fields with what was
 * probably meant, wrong types, wrong words, missing required fields; each with its place.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import type { Problem } from "../api/playground";
import {
  isList,
  requiredFields,
  targetOf,
  type Definition,
  type KindEntry,
  type Property,
  type Schema,
  type SchemaSource,
} from "./source";
import { nearest } from "./suggest";

export interface Found extends Problem {
  column: number;
  /** Columns on its line that the problem covers. */
  length: number;
  severity: "error" | "warning";
  /** What was probably meant; replacing the covered text by it is the fix. */
  fix?: string;
}

const DEPTH_MAX = 100;
const TEXT_MAX = 1_000_000;

/** Every problem of a text, in its order. */
export async function checkText(text: string, source: SchemaSource): Promise<Found[]> {
  if (text.length > TEXT_MAX) return [];
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: counter,
    uniqueKeys: true,
    prettyErrors: false,
    version: "1.1",
    merge: true,
  });
  const check = new Check(counter);
  for (const document of documents as Document.Parsed[]) {
    const broken = check.syntax(document);
    if (document.contents === null) continue;
    const before = check.found.length;
    await checkDocument(document, source, check, broken < Infinity);
    check.keepAbove(broken, before);
  }
  return check.found.sort((a, b) => a.line - b.line || a.column - b.column);
}

async function checkDocument(
  document: Document.Parsed,
  source: SchemaSource,
  check: Check,
  isBroken: boolean,
): Promise<void> {
  const root = document.contents;
  if (!isMap(root)) {
    if (root) check.add(root, "a manifest is a mapping with apiVersion and kind");
    return;
  }
  const apiVersion = wordOf(root, "apiVersion");
  const kind = wordOf(root, "kind");
  if (!apiVersion || !kind) {
    if (isBroken) return;
    check.add(
      firstKey(root),
      `missing ${[!apiVersion && "apiVersion", !kind && "kind"].filter(Boolean).join(" and ")}`,
    );
    return;
  }
  const schema = await source.schema(apiVersion, kind);
  if (schema) check.object(root, schema);
  else checkKind(root, apiVersion, kind, await source.kinds(), check);
}

/** No schema: either the kind does not exist, or it is one that a CRD brings. */
function checkKind(
  root: YAMLMap,
  apiVersion: string,
  kind: string,
  kinds: readonly KindEntry[],
  check: Check,
): void {
  if (kinds.length === 0) return;
  const versions = kinds.filter((one) => one.kind === kind).map((one) => one.apiVersion);
  const group = (version: string) => (version.includes("/") ? version.split("/")[0] : "");
  const isKnownGroup = kinds.some((one) => group(one.apiVersion) === group(apiVersion));
  if (versions.length) {
    const [version] = versions;
    if (versions.includes(apiVersion)) return;
    check.add(
      valueNode(root, "apiVersion"),
      `${kind} is in ${versions.join(" and ")}, not in ${apiVersion}`,
      version,
    );
  } else if (isKnownGroup) {
    const near = nearest(
      kind,
      kinds.map((one) => one.kind),
    );
    check.add(valueNode(root, "kind"), unknown("kind", kind, near), near ?? undefined);
  }
}

function unknown(what: string, word: string, near: string | null): string {
  return near ? `unknown ${what} ${word}; did you mean ${near}?` : `unknown ${what} ${word}`;
}

class Check {
  readonly found: Found[] = [];

  constructor(private readonly counter: LineCounter) {}

  /** Notes the parser's errors; the first line that spoils what is below it, or Infinity. */
  syntax(document: Document.Parsed): number {
    let broken = Infinity;
    for (const error of document.errors) {
      const [start, end] = error.pos;
      const isDuplicate = error.code === "DUPLICATE_KEY";
      this.addAt(start, end, isDuplicate ? "this key is there twice" : syntaxWords(error));
      if (!isDuplicate) broken = Math.min(broken, this.counter.linePos(start).line);
    }
    return broken;
  }

  /** Below broken syntax nothing is sure: what was found there after an index is dropped. */
  keepAbove(line: number, index: number): void {
    if (line === Infinity) return;
    const kept = this.found.slice(index).filter((one) => one.line < line);
    this.found.splice(index, Infinity, ...kept);
  }

  object(root: YAMLMap, schema: Schema): void {
    this.mapping(root, schema.root, schema, 0);
  }

  add(node: Node | null | undefined, message: string, fix?: string): void {
    const range = node?.range ?? [0, 1];
    this.addAt(range[0], range[1], message, fix);
  }

  private addAt(start: number, end: number, message: string, fix?: string): void {
    const from = this.counter.linePos(start);
    const to = this.counter.linePos(end);
    const length = to.line === from.line ? Math.max(1, to.col - from.col) : 1;
    this.found.push({
      line: Math.max(1, from.line),
      column: Math.max(1, from.col),
      length,
      message,
      severity: "error",
      ...(fix === undefined ? {} : { fix }),
    });
  }

  private mapping(node: YAMLMap, name: string, schema: Schema, depth: number): void {
    const definition = schema.definitions[name];
    if (!hasFields(definition) || depth > DEPTH_MAX) return;
    const names = Object.keys(definition.properties);
    const present = new Set<string>();
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      if (key === "<<") continue;
      present.add(key);
      const property = definition.properties[key];
      if (property) this.value(pair.value, property, schema, key, depth);
      else {
        const near = nearest(key, names);
        this.add(pair.key, unknown("field", key, near), near ?? undefined);
      }
    }
    this.required(node, definition, present, depth);
  }

  private required(
    node: YAMLMap,
    definition: Definition,
    present: ReadonlySet<string>,
    depth: number,
  ): void {
    const missing = requiredFields(definition).filter((name) => !present.has(name));
    if (missing.length && depth > 0) {
      this.add(firstKey(node) ?? node, `missing ${missing.join(", ")}`);
    }
  }

  private value(
    node: Node | null,
    property: Property,
    schema: Schema,
    key: string,
    depth: number,
  ): void {
    if (node === null || isAlias(node) || (isScalar(node) && node.value === null)) return;
    if (isList(property)) {
      if (!isSeq(node)) this.add(node, `${key} is a list: begin each entry with "- "`);
      else for (const item of node.items) this.item(item as Node, property, schema, key, depth);
      return;
    }
    const target = targetOf(property);
    const definition = target === null ? undefined : schema.definitions[target];
    if (property.values !== undefined && isMap(node)) {
      this.values(node, property.values, schema, depth);
      return;
    }
    if (target !== null && hasFields(definition) && property.values === undefined) {
      if (isMap(node)) this.mapping(node, target, schema, depth + 1);
      else this.add(node, `${key} holds fields: put them on lines below, indented`);
      return;
    }
    this.scalar(node, { ...definition, ...property } as Property, key);
  }

  /** The values of a map whose keys are free. */
  private values(node: YAMLMap, values: Property | string, schema: Schema, depth: number): void {
    const inner: Property = typeof values === "string" ? { ref: values } : values;
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      this.value(pair.value, inner, schema, key, depth);
    }
  }

  private item(item: Node, property: Property, schema: Schema, key: string, depth: number): void {
    const inner: Property =
      typeof property.items === "string"
        ? { ref: property.items }
        : (property.items ?? (property.ref ? { ref: property.ref } : {}));
    this.value(item, inner, schema, key, depth);
  }

  private scalar(node: Node, property: Property, key: string): void {
    const wanted = property.type;
    if (isMap(node) || isSeq(node)) {
      if (wanted && wanted !== "object" && wanted !== "array") {
        this.add(node, `${key} is ${withArticle(wordFor(property))}, not ${formWord(node)}`);
      }
      return;
    }
    if (!isScalar(node)) return;
    const { value } = node;
    if (wanted === "object") {
      this.add(node, `${key} is a mapping`);
    } else if (!fits(value, property)) {
      const fix = wanted === "string" ? JSON.stringify(String(node.source ?? value)) : undefined;
      this.add(
        node,
        `${key} is ${withArticle(wordFor(property))}, not ${shown(node.source ?? value)}`,
        fix,
      );
    } else if (property.enum?.length && !property.enum.includes(String(value))) {
      const near = nearest(String(value), property.enum);
      const words = property.enum.join(", ");
      this.add(node, `${key} is one of ${words}, not ${shown(value)}`, near ?? undefined);
    }
  }
}

function hasFields(
  definition: Definition | undefined,
): definition is Definition & { properties: Record<string, Property> } {
  return definition?.properties !== undefined && Object.keys(definition.properties).length > 0;
}

const FREE_FORMATS = new Set(["int-or-string", "quantity"]);

/** Whether a scalar has the type that a field wants. */
function fits(value: unknown, property: Property): boolean {
  if (value === null || property.type === undefined) return true;
  if (FREE_FORMATS.has(property.format ?? "") || isQuantity(property)) {
    return typeof value === "string" || typeof value === "number";
  }
  switch (property.type) {
    case "string":
      return typeof value === "string" || value instanceof Date;
    case "integer":
      return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    default:
      return true;
  }
}

function isQuantity(property: Property): boolean {
  return /\.(Quantity|IntOrString)$/.test(property.ref ?? "");
}

function wordFor(property: Property): string {
  const words: Record<string, string> = {
    string: "text",
    integer: "whole number",
    number: "number",
    boolean: "true or false",
  };
  if (isQuantity(property) || FREE_FORMATS.has(property.format ?? "")) return "quantity";
  return words[property.type ?? ""] ?? "value";
}

function formWord(node: Node): string {
  return isMap(node) ? "a mapping" : "a list";
}

function withArticle(word: string): string {
  return word === "text" || word.startsWith("true") ? word : `a ${word}`;
}

function shown(value: unknown): string {
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text || "empty text";
}

/** The parser's errors in the words of people who write manifests. */
const SYNTAX_WORDS: readonly [pattern: RegExp, words: string][] = [
  [/^Implicit map keys need to be followed/, "a key needs a colon and a value after it"],
  [/^Implicit keys need to be on a single line/, "a key needs a colon on its own line"],
  [/must start at the same column/, "keys that belong together begin in the same column"],
  [/^Nested mappings are not allowed/, "a line has one key only: put this key on a line below"],
  [/^Tabs are not allowed|tab/i, "YAML is indented with spaces, not with tabs"],
  [/^Missing closing .quote/, "this text has no closing quote"],
  [/^Flow map .* must be/, "a { has no closing }, or is not indented enough"],
  [/^Flow sequence .* must be/, "a [ has no closing ], or is not indented enough"],
];

function syntaxWords(error: { message: string }): string {
  const first = error.message.split("\n")[0] ?? error.message;
  const known = SYNTAX_WORDS.find(([pattern]) => pattern.test(first));
  return known?.[1] ?? first.charAt(0).toLowerCase() + first.slice(1);
}

function wordOf(map: YAMLMap, key: string): string {
  const value = map.get(key);
  return typeof value === "string" ? value : "";
}

function valueNode(map: YAMLMap, key: string): Node | null {
  return (map.get(key, true) as Node | undefined) ?? null;
}

function firstKey(map: YAMLMap): Node | null {
  const pair = map.items[0] as Pair<Node> | undefined;
  return pair?.key ?? null;
}
