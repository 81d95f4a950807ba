/** What the page knows of a kind: its words, its place in the API, its icon, its tabs. */
import type { InspectorTab, RefKind } from "../state/state";

export interface Face {
  ref: RefKind;
  /** The icon's SVG text. */
  icon: string;
  tabs: readonly InspectorTab[];
  /** Kubernetes' kind for a key of the scene. */
  kind(key: string): string;
  /** The namespace and the name in a key of the scene. */
  parts(key: string): { namespace: string; name: string };
  /** The path of the object in the cluster's API. */
  path(key: string): string;
}

/** `namespace/name` taken apart. */
export function namespaced(key: string): { namespace: string; name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The API path of a namespaced object. */
export function objectPath(
  groupVersion: string,
  plural: string,
  namespace: string,
  name: string,
): string {
  const root = groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  const parts = ["namespaces", encodeURIComponent(namespace), plural, encodeURIComponent(name)];
  return `${root}/${parts.join("/")}`;
}
