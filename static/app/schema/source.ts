/**
 * Kubernetes' types, asked of the server once per kind and kept. The checker, the completion and
 * the hover notes read them through `Definitions`.
 */
import { call } from "../api/playground";

export interface Property {
  type?: string;
  format?: string;
  /** The definition this field holds, or whose list or map it holds. */
  ref?: string;
  items?: Property | string;
  /** The values of a map. */
  values?: Property | string;
  description?: string;
  enum?: readonly string[];
  required?: boolean;
}

export interface Definition {
  type?: string;
  description?: string;
  required?: readonly string[];
  properties?: Record<string, Property>;
}

export interface Schema {
  root: string;
  definitions: Record<string, Definition>;
}

export interface KindEntry {
  apiVersion: string;
  kind: string;
  namespaced: boolean;
}

export interface SchemaSource {
  /** The schema of a kind; null when there is none. */
  schema(apiVersion: string, kind: string): Promise<Schema | null>;
  kinds(): Promise<readonly KindEntry[]>;
}

export class ServerSchemas implements SchemaSource {
  private readonly schemas = new Map<string, Promise<Schema | null>>();
  private list: Promise<readonly KindEntry[]> | null = null;

  schema(apiVersion: string, kind: string): Promise<Schema | null> {
    const key = `${apiVersion} ${kind}`;
    let found = this.schemas.get(key);
    if (!found) {
      const query = new URLSearchParams({ apiVersion, kind });
      found = call<Schema>("GET", `/schemas?${query}`).catch(() => null);
      this.schemas.set(key, found);
    }
    return found;
  }

  kinds(): Promise<readonly KindEntry[]> {
    this.list ??= call<KindEntry[] | { kinds: KindEntry[] }>("GET", "/schemas/kinds")
      .then((answer) => (Array.isArray(answer) ? answer : answer.kinds))
      .catch(() => {
        this.list = null;
        return [];
      });
    return this.list;
  }
}

/** The definition a field leads into, if it leads into one. */
export function targetOf(property: Property | string | undefined): string | null {
  if (property === undefined) return null;
  if (typeof property === "string") return property;
  return property.ref ?? targetOf(property.items) ?? targetOf(property.values);
}

/** Whether a field holds a list. */
export function isList(property: Property): boolean {
  return property.type === "array" || property.items !== undefined;
}

export function requiredFields(definition: Definition): string[] {
  const own = Object.entries(definition.properties ?? {})
    .filter(([, property]) => property.required === true)
    .map(([name]) => name);
  return [...new Set([...(definition.required ?? []), ...own])];
}
