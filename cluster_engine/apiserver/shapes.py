"""The types of kinds, as patches and managed fields need them.

Published types are the same for every cluster of a process and are made once; a custom kind brings
its own documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.kinds.kind import Kind
from cluster_engine.schema.catalogue import Field, load
from cluster_engine.schema.check import decoder

_FREE: Mapping[str, Any] = {"type": "object"}
_TYPE_AND_METADATA: Mapping[str, Any] = {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
}
_ZEROS: Mapping[str, Any] = {"string": "", "integer": 0, "boolean": False}


class KindTypes:
    """`managed_fields.Types` of one kind."""

    __slots__ = ("_kind",)

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def shape(self, api_version: str) -> Shape | None:
        """The type in that version; None when it is not served."""
        group, _, version = api_version.rpartition("/")
        if group != self._kind.group or version not in self._kind.served_versions:
            return None
        return shape_of(self._kind, version)

    def convert(self, obj: Object, api_version: str) -> Object:
        """The stored or served object in another served version."""
        held = obj.get("apiVersion", self._kind.api_version)
        if held == api_version:
            return obj
        kind, version = self._kind, api_version.rpartition("/")[2]
        if held != kind.api_version and kind.from_version is not None:
            obj = kind.from_version(obj, held.rpartition("/")[2])
        if kind.to_version is not None and version != kind.version:
            return kind.to_version(obj, version)
        return {**obj, "apiVersion": api_version}

    def blank(self, api_version: str) -> Object:
        """What an object without any field set still has."""
        kind = self._kind
        return _blank(kind.group, api_version.rpartition("/")[2], kind.kind)


def shape_of(kind: Kind, version: str) -> Shape:
    """The type of a kind in a served version; of anything when it is not published."""
    if kind.types is not None:
        return _custom_shape(kind.types.schema(version) or _FREE)
    return published_shape(kind.group, version, kind.kind)


def _custom_shape(schema: Mapping[str, Any]) -> Shape:
    properties = {**(schema.get("properties") or {}), **_TYPE_AND_METADATA}
    return Shape({**schema, "type": "object", "properties": properties}, _document)


@cache
def published_shape(group: str, version: str, kind: str) -> Shape:
    """The type that Kubernetes publishes; of anything when it publishes none."""
    name = load().name_of(group, version, kind)
    document = _FREE if name is None else _document(name)
    return Shape(document, _document, name or "")


@cache
def _document(name: str) -> Mapping[str, Any]:
    """A published type with the zeros that stand in for list keys which are left out."""
    definition = load().definition(name)
    zeros = {
        field: {**document, "default": _ZEROS[document["type"]]}
        for field, document in definition.document.get("properties", {}).items()
        if document.get("type") in _ZEROS and _is_always_there(definition.fields[field])
    }
    if not zeros:
        return definition.document
    properties = {**definition.document["properties"], **zeros}
    return {**definition.document, "properties": properties}


def _is_always_there(field: Field) -> bool:
    return not (field.is_pointer or field.is_omitted_empty or field.is_omitted_zero)


@cache
def _blank(group: str, version: str, kind: str) -> Object:
    name = load().name_of(group, version, kind)
    return {"metadata": {}} if name is None else decoder().zero(name)
