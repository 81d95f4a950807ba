"""How the OpenAPI documents describe a kind that users defined.

Models: k8s.io/apiextensions-apiserver/pkg/controller/openapi/{builder,v2} (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cluster_engine.kinds.custom.structural import Schema
from cluster_engine.kinds.custom.types import CustomTypes
from cluster_engine.schema.catalogue import Catalogue

_META = "io.k8s.apimachinery.pkg.apis.meta.v1."
#: What the definitions refer to.
REFERENCES = (f"{_META}ObjectMeta", f"{_META}ListMeta")
_REF_V2, _REF_V3 = "#/definitions/", "#/components/schemas/"
_CONVENTIONS = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md"
_KEEPS = "x-kubernetes-preserve-unknown-fields"


def model_name(group: str, version: str, kind: str) -> str:
    """The name of a kind's definition: the group turned around."""
    return ".".join((*reversed(group.split(".")), version, kind))


def definitions(
    types: CustomTypes, plural: str, version: str, catalogue: Catalogue, *, is_v2: bool
) -> dict[str, Any]:
    """The definitions of the kind and of its lists, by name."""
    prefix = _REF_V2 if is_v2 else _REF_V3
    name = model_name(types.group, version, types.kind)
    type_fields = catalogue.document(f"{_META}Status")["properties"]
    shared = {field: type_fields[field] for field in ("apiVersion", "kind")}
    own = _definition(types.schema(version), shared, prefix, is_v2=is_v2)
    words = f"List of {plural}. More info: {_CONVENTIONS}"
    listed = {
        "description": f"{types.list_kind} is a list of {types.kind}",
        "type": "object",
        "required": ["items"],
        "properties": {
            **shared,
            "items": {"description": words, "type": "array", "items": {"$ref": prefix + name}},
            "metadata": _metadata("ListMeta", "list", prefix),
        },
    }
    return {
        name: {**own, **_identity(types.group, version, types.kind)},
        f"{name}List": {**listed, **_identity(types.group, version, types.list_kind)},
    }


def _definition(
    schema: Schema | None, shared: Mapping[str, Any], prefix: str, *, is_v2: bool
) -> dict[str, Any]:
    if not schema or (is_v2 and schema.get(_KEEPS)):
        # Clients take a definition with properties for one that has no others.
        return {"type": "object"}
    shown = _for_v2(schema) if is_v2 else dict(schema)
    properties = {
        **(shown.get("properties") or {}),
        **shared,
        "metadata": _metadata("ObjectMeta", "object", prefix),
    }
    return {**shown, "type": "object", "properties": properties}


def _metadata(name: str, noun: str, prefix: str) -> dict[str, Any]:
    reference = {"$ref": f"{prefix}{_META}{name}"}
    words = f"Standard {noun}'s metadata. More info: {_CONVENTIONS}#metadata"
    if noun == "list":
        words = f"Standard list metadata. More info: {_CONVENTIONS}#types-kinds"
    if prefix == _REF_V3:
        return {"description": words, "allOf": [reference]}
    return {"description": words, **reference}


def _identity(group: str, version: str, kind: str) -> dict[str, Any]:
    one = {"group": group, "kind": kind, "version": version}
    return {"x-kubernetes-group-version-kind": [one]}


def _for_v2(schema: Schema) -> dict[str, Any]:
    """A schema without what version 2 of OpenAPI, or its clients, cannot have."""
    shown = {
        key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "oneOf", "not")
    }
    if shown.pop("nullable", False):
        shown.pop("type", None)
        shown.pop("items", None)
        shown.pop("properties", None)
    if shown.get(_KEEPS):
        shown.pop("items", None)
        shown.pop("properties", None)
        if shown.get("type") in ("object", "array"):
            del shown["type"]
    if isinstance(shown.get("items"), Mapping):
        shown["items"] = _for_v2(shown["items"])
    properties = shown.get("properties")
    if properties:
        shown["properties"] = {name: _for_v2(inner) for name, inner in properties.items()}
        nullable = {name for name, inner in properties.items() if inner.get("nullable")}
        shown["required"] = [name for name in shown.get("required") or () if name not in nullable]
        if not shown["required"]:
            del shown["required"]
    if isinstance(shown.get("additionalProperties"), Mapping):
        shown["additionalProperties"] = _for_v2(shown["additionalProperties"])
    return shown
