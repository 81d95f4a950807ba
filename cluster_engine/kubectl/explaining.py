"""The documentation of a resource's fields, from the server's OpenAPI document.

Models: k8s.io/kubectl/pkg/explain/v2/templates/plaintext.tmpl (v0.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from cluster_engine.kubectl.errors import KubectlError

Schema: TypeAlias = dict[str, Any]

_GROUP_VERSION_KIND = "x-kubernetes-group-version-kind"
_WORD = re.compile(r"([^\S\n]*)(\S*)")
_DESCRIPTION_WIDTH = 76
_FIELD_WIDTH = 78
_ENUM_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Explanation:
    """Explains types of one document."""

    document: Schema
    is_recursive: bool = False
    depth_max: int = 0

    def head(self, group: str, version: str, kind: str) -> str:
        """How every page begins; printed even when there is no such field."""
        first = f"GROUP:      {group}\n" if group else ""
        return f"{first}KIND:       {kind}\nVERSION:    {version}\n\n"

    def body(self, group: str, version: str, kind: str, path: list[str]) -> str:
        """The rest of the page about a kind, or a field of it. Raises KubectlError."""
        wanted = {"group": group, "kind": kind, "version": version}
        for schema in self._schemas().values():
            if wanted in (schema.get(_GROUP_VERSION_KIND) or ()):
                body = self._output(schema, path, frozenset())
                if body:
                    return f"{body}\n"
                raise KubectlError(f'error: field "{path[-1]}" does not exist')
        raise KubectlError(
            f"error: GVK map[group:{group} kind:{kind} version:{version}] not found in OpenAPI "
            "schema"
        )

    def _schemas(self) -> dict[str, Schema]:
        schemas: dict[str, Schema] = (self.document.get("components") or {}).get("schemas") or {}
        return schemas

    def _resolved(self, schema: Schema) -> Schema:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self._schemas().get(name) or schema

    def _output(self, schema: Schema, path: list[str], seen: frozenset[str]) -> str:
        """Follow the path, then describe what is there; empty when it leads nowhere."""
        reference = schema.get("$ref", "")
        resolved = self._resolved(schema)
        if not path:
            return self._page(resolved)
        if reference and reference in seen:
            return ""
        seen = seen | {reference}
        properties = resolved.get("properties") or {}
        if path[0] in properties:
            return self._field_output(properties[path[0]], path)
        inner = self._inner(resolved)
        if inner is not None:
            return self._output(inner, path, seen)
        for part in resolved.get("allOf") or ():
            text = self._output(part, path, seen)
            if text:
                return text
        return ""

    def _field_output(self, schema: Schema, path: list[str]) -> str:
        head = ""
        if len(path) == 1:
            head = f"FIELD: {path[0]} <{self._type(schema)}>\n{_long_enum(schema)}\n\n"
        return head + self._output(schema, path[1:], frozenset())

    @staticmethod
    def _inner(schema: Schema) -> Schema | None:
        """What a list or map holds."""
        for field in ("items", "additionalProperties"):
            inner = schema.get(field)
            if isinstance(inner, dict) and inner:
                return inner
        return None

    def _page(self, schema: Schema) -> str:
        description = "".join(self._descriptions(schema)) or "<empty>"
        text = "DESCRIPTION:\n" + indented(wrapped(description, _DESCRIPTION_WIDTH), 4) + "\n"
        if schema.get("externalDocs"):
            text += "\n" + _external_docs(schema["externalDocs"], 4, _DESCRIPTION_WIDTH)
        fields = "".join(self._fields(schema, 1, frozenset()))
        return f"{text}FIELDS:\n{fields}" if fields else text

    def _descriptions(self, schema: Schema) -> Iterator[str]:
        schema = self._resolved(schema)
        if schema.get("description"):
            yield f"{schema['description']}\n"
        for part in schema.get("allOf") or ():
            yield from self._descriptions(part)
        for field in ("items", "additionalProperties"):
            inner = schema.get(field)
            if isinstance(inner, dict) and inner:
                yield from self._descriptions(inner)

    def _fields(self, schema: Schema, level: int, seen: frozenset[str]) -> Iterator[str]:
        reference = schema.get("$ref", "")
        if reference and reference in seen:
            return
        seen = seen | {reference}
        schema = self._resolved(schema)
        for name, field in sorted((schema.get("properties") or {}).items()):
            yield self._field(schema, name, level)
            if self.is_recursive and (not self.depth_max or level < self.depth_max):
                yield from self._fields(field, level + 1, seen)
        for part in schema.get("allOf") or ():
            yield from self._fields(part, level, seen)
        for inner_name in ("items", "additionalProperties"):
            inner = schema.get(inner_name)
            if isinstance(inner, dict) and inner:
                yield from self._fields(inner, level, seen)

    def _field(self, schema: Schema, name: str, level: int) -> str:
        field = schema["properties"][name]
        amount = level * 2
        required = " -required-" if name in (schema.get("required") or ()) else ""
        pad = " " * amount
        text = f"{pad}{name}\t<{self._type(field)}>{required}{_short_enum(field, pad)}\n"
        if self.is_recursive:
            return text
        description = field.get("description") or "<no description>"
        text += indented(wrapped(description, _FIELD_WIDTH - amount), amount + 2) + "\n"
        if field.get("externalDocs"):
            text += "\n" + _external_docs(
                field["externalDocs"], amount + 4, _DESCRIPTION_WIDTH - amount
            )
        return text + "\n"

    def _type(self, schema: Schema) -> str:
        """ "string", "[]Container", "map[string]string"."""
        if schema.get("items"):
            return f"[]{self._type(schema['items'])}"
        values = schema.get("additionalProperties")
        if isinstance(values, dict) and values:
            return f"map[string]{self._type(values)}"
        parts: list[Schema] = schema.get("allOf") or []
        if len(parts) == 1 and not schema.get("properties"):
            return self._type(parts[0])
        reference: str = schema.get("$ref", "")
        if reference:
            target = self._resolved(schema)
            if target is schema or target.get("type", "object") == "object":
                return reference.rpartition("/")[2].rpartition(".")[2] or "Object"
            return str(target["type"])
        type_ = schema.get("type") or "Object"
        return "Object" if type_ == "object" else str(type_)


def _short_enum(schema: Schema, pad: str) -> str:
    values = schema.get("enum") or ()
    if not values:
        return ""
    shown = [_enum_text(value) for value in values[:_ENUM_SHOWN]]
    if len(values) > _ENUM_SHOWN:
        shown.append("....")
    return f"\n{pad}enum: {', '.join(shown)}"


def _long_enum(schema: Schema) -> str:
    values = schema.get("enum") or ()
    if not values:
        return ""
    return "ENUM:" + "".join(f"\n    {_enum_text(value)}" for value in values)


def _enum_text(value: Any) -> str:
    return '""' if value == "" else str(value)


def _external_docs(docs: Schema, amount: int, width: int) -> str:
    text = " " * (amount - 4) + "EXTERNAL DOCS:\n" if amount > 4 else "EXTERNAL DOCS:\n"
    if docs.get("description"):
        text += indented(wrapped(docs["description"], width), amount) + "\n"
    if docs.get("url"):
        text += indented(f"URL: {docs['url']}", amount) + "\n"
    return text


def indented(text: str, amount: int) -> str:
    """Every line moved to the right, the last (if empty) too."""
    pad = " " * amount
    return pad + text.replace("\n", f"\n{pad}")


def wrapped(text: str, width: int) -> str:
    """Lines broken at blanks; longer words stay whole."""
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(line: str, width: int) -> str:
    out: list[str] = []
    current = 0
    for found in _WORD.finditer(line):
        blanks, word = found.groups()
        length = current + len(blanks) + len(word)
        if not word:
            if blanks and length <= width:
                out.append(blanks)
            continue
        if length > width and (len(word) < width or current + len(blanks) > 1):
            out.append(f"\n{word}")
            current = len(word)
        else:
            out.append(blanks + word)
            current = length
    return "".join(out)
