/** Completion and hover notes in the YAML editor, from Kubernetes' own descriptions. */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { hoverTooltip, type EditorView, type Tooltip } from "@codemirror/view";
import { definitionAt, propertyAt, typeWords } from "../../schema/lookup";
import { placeAt, type Place } from "../../schema/place";
import {
  isList,
  requiredFields,
  targetOf,
  type Property,
  type Schema,
  type SchemaSource,
} from "../../schema/source";

const INFO_MAX = 400;

/** Completes keys, the words a field allows, apiVersion and kind. */
export function completeYaml(source: SchemaSource) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const lines = context.state.doc.toString().split("\n");
    const index = line.number - 1;
    const value = /^\s*(?:- )*([\w./-]+):\s+(\S*)$/.exec(before);
    if (value) return values(context, source, lines, index, value[1] ?? "", value[2] ?? "");
    const key = /^\s*(?:- )*([\w./-]*)$/.exec(before);
    if (!key || (!context.explicit && !key[1])) return null;
    return keys(context, source, lines, index, before, key[1] ?? "");
  };
}

async function keys(
  context: CompletionContext,
  source: SchemaSource,
  lines: string[],
  index: number,
  before: string,
  typed: string,
): Promise<CompletionResult | null> {
  const column = before.length - typed.length;
  const probe = [...lines];
  probe[index] = before.slice(0, column).replace(/[^ -]/g, " ") + "x:";
  const place = placeAt(probe, index, column);
  const schema = await schemaOf(source, place);
  if (!schema) return rootKeys(context, place, typed);
  const definition = definitionAt(schema, place.path);
  if (!definition?.properties) return null;
  const required = new Set(requiredFields(definition));
  const options = Object.entries(definition.properties)
    .filter(([name]) => !place.siblings.includes(name) && name !== "status")
    .map(([name, property]) => keyOption(name, property, required.has(name)));
  return { from: context.pos - typed.length, options, validFor: /^[\w./-]*$/ };
}

function keyOption(name: string, property: Property, isRequired: boolean): Completion {
  return {
    label: name,
    type: "property",
    detail: typeWords(property),
    info: shorten(property.description ?? ""),
    boost: isRequired ? 2 : 0,
    apply: (view, _completion, from, to) => insertKey(view, from, to, name, property),
  };
}

/** Writes a key, and where it leads into fields or a list, the line below with its indentation. */
function insertKey(
  view: EditorView,
  from: number,
  to: number,
  name: string,
  property: Property,
): void {
  const column = from - view.state.doc.lineAt(from).from;
  const leads =
    targetOf(property) !== null && !/Quantity|IntOrString|Time$/.test(property.ref ?? "");
  let text = `${name}: `;
  if (isList(property)) text = `${name}:\n${" ".repeat(column)}- `;
  else if (leads || property.type === "object") text = `${name}:\n${" ".repeat(column + 2)}`;
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + text.length },
    scrollIntoView: true,
  });
}

/** Before there is a kind: the four keys every manifest has. */
function rootKeys(
  context: CompletionContext,
  place: Place,
  typed: string,
): CompletionResult | null {
  if (place.path.length > 0) return null;
  const options = ["apiVersion", "kind", "metadata", "spec"]
    .filter((name) => !place.siblings.includes(name))
    .map((label) => ({ label, type: "property", apply: `${label}: ` }));
  return { from: context.pos - typed.length, options };
}

async function values(
  context: CompletionContext,
  source: SchemaSource,
  lines: string[],
  index: number,
  key: string,
  typed: string,
): Promise<CompletionResult | null> {
  const place = placeAt(lines, index, 0);
  const words =
    place.path.length === 0 && (key === "apiVersion" || key === "kind")
      ? await rootWords(source, place, key)
      : await fieldWords(source, place);
  if (words.length === 0) return null;
  return {
    from: context.pos - typed.length,
    options: words.map((label) => ({ label, type: "enum" })),
    validFor: /^[\w./-]*$/,
  };
}

async function rootWords(source: SchemaSource, place: Place, key: string): Promise<string[]> {
  const kinds = await source.kinds();
  if (key === "apiVersion") {
    const fitting = kinds.filter((one) => !place.kind || one.kind === place.kind);
    return [...new Set((fitting.length ? fitting : kinds).map((one) => one.apiVersion))];
  }
  const fitting = kinds.filter((one) => !place.apiVersion || one.apiVersion === place.apiVersion);
  return [...new Set((fitting.length ? fitting : kinds).map((one) => one.kind))];
}

async function fieldWords(source: SchemaSource, place: Place): Promise<string[]> {
  const schema = await schemaOf(source, place);
  const property = schema && propertyAt(schema, place);
  if (!property) return [];
  if (property.enum?.length) return [...property.enum];
  return property.type === "boolean" ? ["true", "false"] : [];
}

function schemaOf(source: SchemaSource, place: Place): Promise<Schema | null> {
  if (!place.apiVersion || !place.kind) return Promise.resolve(null);
  return source.schema(place.apiVersion, place.kind);
}

/** What a field means, when the pointer rests on its key. */
export function hoverYaml(source: SchemaSource) {
  return hoverTooltip(async (view: EditorView, position: number): Promise<Tooltip | null> => {
    const line = view.state.doc.lineAt(position);
    const found = /^(\s*(?:- )*)([\w./-]+):/.exec(line.text);
    if (!found) return null;
    const start = line.from + (found[1]?.length ?? 0);
    const end = start + (found[2]?.length ?? 0);
    if (position < start || position > end) return null;
    const place = placeAt(view.state.doc.toString().split("\n"), line.number - 1, 0);
    const schema = await schemaOf(source, place);
    const property = schema && propertyAt(schema, place);
    if (!property) return null;
    return { pos: start, end, above: true, create: () => ({ dom: note(place, property) }) };
  });
}

function note(place: Place, property: Property): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "field-note";
  const title = document.createElement("b");
  title.textContent = [...place.path, place.key].join(".");
  const type = document.createElement("span");
  type.textContent = typeWords(property);
  const text = document.createElement("p");
  text.textContent = shorten(property.description ?? "");
  dom.append(title, type, text);
  return dom;
}

function shorten(text: string): string {
  if (text.length <= INFO_MAX) return text;
  const cut = text.slice(0, INFO_MAX);
  return `${cut.slice(0, cut.lastIndexOf(" "))} …`;
}
