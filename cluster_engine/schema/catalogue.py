"""The published types of Kubernetes: which fields a type has and what each may hold.

`load()` gives the catalogue of this process, read once from the cache that `compile.py` makes at
set-up (reading it is the one file access of the engine). Definitions are decoded when first asked
for and shared afterwards: they are read-only.

Used by `check.py`, `openapi.py`, `explain.py` and, through `merge_rules.py`, by the patches.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from cluster_engine.schema.compile import DEFAULT_OUT, MAGIC

#: A field of go_types.txt: name, marks, type.
_TOKEN = re.compile(r"([^?!*=]+)([?!*]*)(?:=(.*))?")


@dataclass(frozen=True, slots=True)
class Field:
    """One field, or one item of a list or map.

    `type` is string, integer, number, boolean, object, array, or empty for "anything". A field of
    another definition has `ref` (its name); a list has `items`; a map has `values`.
    """

    type: str = ""
    ref: str = ""
    format: str = ""
    items: Field | None = None
    values: Field | None = None
    patch_strategy: str = ""
    patch_merge_key: str = ""
    list_type: str = ""
    list_map_keys: tuple[str, ...] = ()
    map_type: str = ""
    description: str = ""
    #: The Go type as decoding errors name it, without the star of a pointer: "v1.Protocol".
    go_type: str = ""
    is_pointer: bool = False
    #: The words it may hold; empty: any.
    enum: tuple[str, ...] = ()
    #: Whether the server leaves it out when it is empty (`omitempty`), or zero (`omitzero`).
    is_omitted_empty: bool = False
    is_omitted_zero: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """One published type. Without fields it is a scalar (`type`, `format`) or free-form.

    Fields are in the order of the Go type where that is known (all types that are served).
    """

    name: str
    type: str
    format: str
    description: str
    fields: dict[str, Field]
    required: tuple[str, ...]
    map_type: str
    #: As published, references by bare definition name.
    document: dict[str, Any]


class Catalogue:
    """All definitions, decoded lazily."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise ValueError("the schema cache is of another version: compile it again")
        start = len(MAGIC) + 8
        length = int.from_bytes(data[len(MAGIC) : start], "big")
        index = orjson.loads(data[start : start + length])
        self._data = data
        self._base = start + length
        self._offsets: dict[str, list[int]] = index["offsets"]
        self._kinds: dict[str, str] = index["kinds"]
        self._internal: dict[str, str] = index["internal"]
        self._definitions: dict[str, Definition] = {}

    def names(self) -> list[str]:
        """All definition names, sorted."""
        return list(self._offsets)

    def definition(self, name: str) -> Definition:
        """The definition. Raises KeyError for an unknown name."""
        found = self._definitions.get(name)
        if found is None:
            found = self._definitions[name] = _definition(name, *self._entry(name))
        return found

    def document(self, name: str) -> dict[str, Any]:
        """The definition as published, decoded afresh. Raises KeyError for an unknown name."""
        return self._entry(name)[0]

    def words(self, name: str) -> dict[str, dict[str, Any]]:
        """What else is published of the fields of a definition: `enum` with `meanings`, or
        `items` (the same for those of a list), `default`; as `compile.read_words` has them."""
        return self._entry(name)[2]

    def _entry(self, name: str) -> tuple[dict[str, Any], str, dict[str, dict[str, Any]]]:
        offset, length = self._offsets[name]
        start = self._base + offset
        document, go_fields, words = orjson.loads(
            zlib.decompress(self._data[start : start + length])
        )
        return document, go_fields, words

    def internal_fields(self, name: str) -> list[tuple[str, str]]:
        """The fields of a server's internal type ("core.PodSpec"): name and type, in order.

        Types are string, bool, int, byte, another internal type, "@…" (published as it is), with
        "*" for a pointer, "[]" for a list, "{}" for a map before it. The name "+ObjectMeta" stands
        for metadata without a field of its own. Empty for an unknown type.
        """
        tokens = self._internal.get(name, "").split()
        return [(token.partition("=")[0], token.partition("=")[2]) for token in tokens]

    def name_of(self, group: str, version: str, kind: str) -> str | None:
        """The name of a kind's definition; None when it is not published."""
        return self._kinds.get(f"{group}/{version}/{kind}")

    def of_kind(self, group: str, version: str, kind: str) -> Definition | None:
        """A kind's definition; None when it is not published."""
        name = self.name_of(group, version, kind)
        return None if name is None else self.definition(name)


@cache
def load(path: Path = DEFAULT_OUT) -> Catalogue:
    """The catalogue of this process. Raises FileNotFoundError with the command that makes it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{path} is missing: run `python -m cluster_engine.schema.compile`"
        ) from None
    return Catalogue(data)


def _definition(
    name: str, document: dict[str, Any], go_fields: str, words: dict[str, dict[str, Any]]
) -> Definition:
    properties: dict[str, Any] = document.get("properties", {})
    fields: dict[str, Field] = {}
    for token in go_fields.split():
        key, marks, go_type = _TOKEN.fullmatch(token).groups()  # type: ignore[union-attr]
        fields[key] = _field(properties[key], marks, go_type or "", words.get(key))
    for key, value in properties.items():
        if key not in fields:
            fields[key] = _field(value, words=words.get(key))
    return Definition(
        name=name,
        type=document.get("type", ""),
        format=document.get("format", ""),
        description=document.get("description", ""),
        fields=fields,
        required=tuple(document.get("required", ())),
        map_type=document.get("x-kubernetes-map-type", ""),
        document=document,
    )


def _field(
    document: dict[str, Any],
    marks: str = "",
    go_type: str = "",
    words: dict[str, Any] | None = None,
) -> Field:
    items, values = document.get("items"), document.get("additionalProperties")
    held = words or {}
    item: Field | None = None
    value: Field | None = None
    if isinstance(items, dict):
        item = _field(items, go_type=_inner(go_type), words={"enum": held.get("items", ())})
    if isinstance(values, dict):
        value = _field(values, go_type=_inner(go_type), words={"enum": held.get("items", ())})
    return Field(
        type=document.get("type", ""),
        ref=document.get("$ref", ""),
        format=document.get("format", ""),
        items=item,
        values=value,
        patch_strategy=document.get("x-kubernetes-patch-strategy", ""),
        patch_merge_key=document.get("x-kubernetes-patch-merge-key", ""),
        list_type=document.get("x-kubernetes-list-type", ""),
        list_map_keys=tuple(document.get("x-kubernetes-list-map-keys", ())),
        map_type=document.get("x-kubernetes-map-type", ""),
        description=document.get("description", ""),
        go_type=go_type or _go_type(document, item, value),
        is_pointer="*" in marks,
        enum=tuple(sorted(held.get("enum", ()))),
        is_omitted_empty="?" in marks,
        is_omitted_zero="!" in marks,
    )


def _inner(go_type: str) -> str:
    """The type of the items or values, where the written type tells it."""
    if go_type.startswith("[]"):
        return go_type[2:]
    return go_type.partition("]")[2] if go_type.startswith("map[") else ""


def _go_type(document: dict[str, Any], item: Field | None, value: Field | None) -> str:
    if "$ref" in document:
        return ".".join(document["$ref"].rsplit(".", 2)[1:])
    if document.get("format") == "byte":
        return "[]uint8"
    kind = document.get("type", "")
    if kind == "array" and item is not None:
        return f"[]{item.go_type}"
    if kind == "object" and value is not None:
        return f"map[string]{value.go_type}"
    if kind == "integer":
        return str(document.get("format") or "int64")
    return {"string": "string", "boolean": "bool", "number": "float64"}.get(kind, "interface {}")
