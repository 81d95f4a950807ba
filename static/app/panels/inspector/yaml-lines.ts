/** Colours for YAML that is only read: each line as parts with a class. Pure. */

export interface Part {
  text: string;
  kind: "" | "key" | "string" | "number" | "comment";
}

const LINE = /^(\s*(?:- )*)((?:"[^"]*"|'[^']*'|[^\s:#][^:#]*?))(:)(\s+|$)(.*)$/;
const NUMBER = /^(-?\d+(\.\d+)?|true|false|null|~|\{\}|\[\])$/;

export function yamlParts(line: string): Part[] {
  if (/^\s*#/.test(line)) return [{ text: line, kind: "comment" }];
  const found = LINE.exec(line);
  if (found) {
    const [, indent = "", key = "", colon = "", space = "", value = ""] = found;
    return [
      { text: indent, kind: "" as const },
      { text: key, kind: "key" as const },
      { text: colon + space, kind: "" as const },
      { text: value, kind: valueKind(value) },
    ].filter((part) => part.text !== "");
  }
  const item = /^(\s*(?:- )+)(.*)$/.exec(line);
  if (item) {
    const [, dash = "", value = ""] = item;
    return [
      { text: dash, kind: "" as const },
      { text: value, kind: valueKind(value) },
    ].filter((part) => part.text !== "");
  }
  return [{ text: line, kind: valueKind(line.trim()) }];
}

function valueKind(value: string): Part["kind"] {
  if (value === "" || /^[|>][+-]?$/.test(value)) return "";
  return NUMBER.test(value) ? "number" : "string";
}
