/** The editor's files: a few texts in tabs, kept in this browser for each session. */

export interface File {
  name: string;
  text: string;
}

export interface Files {
  files: readonly File[];
  active: number;
}

const FILES_MAX = 20;
const KEPT_BYTES_MAX = 1_000_000;
const FIRST: Files = { files: [{ name: "manifest.yaml", text: "" }], active: 0 };

export function activeFile(files: Files): File {
  return files.files[files.active] ?? { name: "manifest.yaml", text: "" };
}

export function withText(files: Files, text: string): Files {
  return {
    ...files,
    files: files.files.map((file, index) => (index === files.active ? { ...file, text } : file)),
  };
}

export function withActive(files: Files, active: number): Files {
  return { ...files, active: Math.max(0, Math.min(active, files.files.length - 1)) };
}

/** A file in a tab of its own; takes the place of an empty one, or shows the same one again. */
export function withFile(files: Files, file: File): Files {
  const same = files.files.findIndex((one) => one.name === file.name && one.text === file.text);
  if (same >= 0) return withActive(files, same);
  const isEmpty = activeFile(files).text.trim() === "";
  const name = freeName(files, file.name, isEmpty ? files.active : -1);
  const fresh = { name, text: file.text };
  if (isEmpty) {
    return {
      ...files,
      files: files.files.map((one, index) => (index === files.active ? fresh : one)),
    };
  }
  const all = [...files.files, fresh].slice(-FILES_MAX);
  return { files: all, active: all.length - 1 };
}

/** Without the file at an index; the last one leaves an empty file behind. */
export function withoutFile(files: Files, index: number): Files {
  const rest = files.files.filter((_, at) => at !== index);
  if (rest.length === 0) return FIRST;
  const active = files.active > index ? files.active - 1 : files.active;
  return withActive({ files: rest, active }, active);
}

/** redis.yaml, redis-2.yaml, redis-3.yaml … */
export function freeName(files: Files, wanted: string, except = -1): string {
  const taken = new Set(files.files.filter((_, at) => at !== except).map((file) => file.name));
  if (!taken.has(wanted)) return wanted;
  const [, stem = wanted, ending = ""] = /^(.*?)(\.ya?ml)?$/.exec(wanted) ?? [];
  for (let number = 2; ; number += 1) {
    const name = `${stem}-${number}${ending}`;
    if (!taken.has(name)) return name;
  }
}

/** A name for a new file, taken from the first object in its text. */
export function nameFor(text: string): string {
  const name = /^\s{2}name:\s*["']?([\w.-]+)/m.exec(text)?.[1];
  return name ? `${name}.yaml` : "manifest.yaml";
}

export function load(key: string): Files {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Files | null;
    if (kept && Array.isArray(kept.files) && kept.files.length > 0) {
      return withActive(kept, kept.active);
    }
  } catch {
    return FIRST;
  }
  return FIRST;
}

export function keep(key: string, files: Files): void {
  const text = JSON.stringify(files);
  if (text.length <= KEPT_BYTES_MAX) localStorage.setItem(key, text);
}
