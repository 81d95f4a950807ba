/** From a place in a text to the field it is about; shared by completion and hover. Pure. */
import type { Place } from "./place";
import { targetOf, type Definition, type Property, type Schema } from "./source";

/** The definition whose fields may stand at a place; null where anything may. */
export function definitionAt(schema: Schema, path: readonly string[]): Definition | null {
  let definition = schema.definitions[schema.root];
  for (const key of path) {
    const target = targetOf(definition?.properties?.[key]);
    definition = target === null ? undefined : schema.definitions[target];
    if (!definition) return null;
  }
  return definition ?? null;
}

/** The field that a place's key names. */
export function propertyAt(schema: Schema, place: Place): Property | null {
  if (!place.key) return null;
  return definitionAt(schema, place.path)?.properties?.[place.key] ?? null;
}

/** What a field holds, in few words: "list of Container", "text". */
export function typeWords(property: Property): string {
  const target = targetOf(property)?.split(".").at(-1);
  if (property.type === "array" || property.items) {
    const plain = typeof property.items === "object" ? property.items.type : undefined;
    return `list of ${target ?? plain ?? "values"}`;
  }
  if (property.values) return `map of ${target ?? "text"}`;
  return target ?? property.format ?? property.type ?? "";
}
