"""OpenAPI documents of what a cluster serves: version 2 as a whole, version 3 per group version.

Clients read them to validate, to explain fields, to find out whether the server checks fields
itself (the `fieldValidation` parameter of PATCH), and how lists merge. Operations carry what they
look at: the kind, the action, the query parameters.

Models: k8s.io/kube-openapi/pkg/builder and builder3 (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from cluster_engine.schema.catalogue import Catalogue, Field
from cluster_engine.schema.explain import full_name

_REF_V2, _REF_V3 = "#/definitions/", "#/components/schemas/"
#: Types that clients meet whatever kinds there are, in the document of everything.
_ALWAYS = (
    "meta.v1.APIGroup",
    "meta.v1.APIGroupList",
    "meta.v1.APIResourceList",
    "meta.v1.APIVersions",
    "meta.v1.DeleteOptions",
    "meta.v1.Patch",
    "meta.v1.Status",
    "meta.v1.WatchEvent",
)
_VERSION_INFO = "io.k8s.apimachinery.pkg.version.Info"
#: Types that clients meet by what they may do.
_BY_VERB = {
    "delete": ("meta.v1.DeleteOptions", "meta.v1.Status"),
    "deletecollection": ("meta.v1.DeleteOptions", "meta.v1.Status"),
    "patch": ("meta.v1.Patch",),
    "list": ("meta.v1.WatchEvent",),
}
#: Types that stand under every group and version; a document names its own.
_EVERYWHERE = ("DeleteOptions", "WatchEvent")
_GVK = "x-kubernetes-group-version-kind"
#: What is written in one of several ways.
_ONE_OF = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": ("string", "number"),
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": ("integer", "string"),
}
_WORDS_TITLE = "Possible enum values:"
#: References that have no default of their own: read by their own rules, or free-form.
_WITHOUT_DEFAULT = ("IntOrString", "Quantity", "Time", "MicroTime", "RawExtension", "FieldsV1")
_ZERO: dict[str, Any] = {"string": "", "integer": 0, "boolean": False, "number": 0}
_BODY_TYPES = ("application/json", "application/yaml", "application/vnd.kubernetes.protobuf")
_PATCH_TYPES = (
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
)
#: Verb to method, action and the query parameters that matter, for collections and for objects.
_COLLECTION = {
    "list": ("get", "list", ("labelSelector", "fieldSelector", "limit", "continue", "watch")),
    "create": ("post", "post", ("dryRun", "fieldManager", "fieldValidation")),
    "deletecollection": ("delete", "deletecollection", ("labelSelector", "dryRun")),
}
_OBJECT = {
    "get": ("get", "get", ()),
    "update": ("put", "put", ("dryRun", "fieldManager", "fieldValidation")),
    "patch": ("patch", "patch", ("dryRun", "fieldManager", "fieldValidation", "force")),
    "delete": ("delete", "delete", ("dryRun", "gracePeriodSeconds", "propagationPolicy")),
}
_PARAMETER_TYPES = {"limit": "integer", "gracePeriodSeconds": "integer", "watch": "boolean"}
_PARAMETER_TYPES |= {"force": "boolean"}


@dataclass(frozen=True, slots=True)
class ServedKind:
    """One kind at one version, as the documents show it."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    verbs: tuple[str, ...]
    #: Name and verbs of each subresource.
    subresources: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: Group, version and kind of what subresources take, where it is not the kind itself.
    bodies: tuple[tuple[str, str, str], ...] = ()

    @property
    def base(self) -> str:
        """The path of the group version."""
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"


def document_v2(catalogue: Catalogue, kinds: Sequence[ServedKind], version: str) -> bytes:
    """The whole document, as JSON."""
    roots = [*_roots(catalogue, kinds), _VERSION_INFO, *map(full_name, _ALWAYS)]
    names = _closure(catalogue, roots)
    definitions = {name: _schema(catalogue, name, _REF_V2) for name in names}
    document = {
        "swagger": "2.0",
        "info": {"title": "Kubernetes", "version": version},
        "paths": _paths(catalogue, kinds, _REF_V2),
        "definitions": definitions,
    }
    return orjson.dumps(document)


def document_v3(
    catalogue: Catalogue, kinds: Sequence[ServedKind], version: str, also: Iterable[str] = ()
) -> bytes:
    """The document of one group version, as JSON. `also`: names of more types to describe."""
    verbs = {verb for kind in kinds for verb in kind.verbs}
    always = {name for verb in verbs for name in _BY_VERB.get(verb, ())}
    always.add("meta.v1.APIResourceList")
    names = _closure(catalogue, [*_roots(catalogue, kinds), *map(full_name, always), *also])
    schemas = {name: _schema(catalogue, name, _REF_V3) for name in names}
    _name_own(schemas, kinds)
    document = {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": version},
        "paths": _paths(catalogue, kinds, _REF_V3),
        "components": {"schemas": schemas},
    }
    return orjson.dumps(document)


def _name_own(schemas: dict[str, Any], kinds: Sequence[ServedKind]) -> None:
    """Types that stand under every group name the core and the document's own."""
    own = {("", "v1"), *((kind.group, kind.version) for kind in kinds)}
    for name in _EVERYWHERE:
        schema = schemas.get(full_name(f"meta.v1.{name}"), {})
        if _GVK in schema:
            schema[_GVK] = [one for one in schema[_GVK] if (one["group"], one["version"]) in own]


def _roots(catalogue: Catalogue, kinds: Iterable[ServedKind]) -> list[str]:
    roots = []
    for kind in kinds:
        name = catalogue.name_of(kind.group, kind.version, kind.kind)
        if name is not None:
            roots += [name, f"{name}List"] if "list" in kind.verbs else [name]
        for body in kind.bodies:
            roots.append(catalogue.name_of(*body) or "")
    return [name for name in roots if _has(catalogue, name)]


def _has(catalogue: Catalogue, name: str) -> bool:
    try:
        catalogue.definition(name)
    except KeyError:
        return False
    return True


def _closure(catalogue: Catalogue, roots: Iterable[str]) -> list[str]:
    """The definitions and all they refer to, sorted."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for field in catalogue.definition(name).fields.values():
            waiting += _references(field)
    return sorted(found)


def _references(field: Field) -> list[str]:
    found = [field.ref] if field.ref else []
    for inner in (field.items, field.values):
        if inner is not None:
            found += _references(inner)
    return found


def _schema(catalogue: Catalogue, name: str, prefix: str) -> dict[str, Any]:
    document = catalogue.document(name)
    fields, words = catalogue.definition(name).fields, catalogue.words(name)
    properties = document.get("properties")
    if name in _ONE_OF and prefix == _REF_V3:
        kept = {key: value for key, value in document.items() if key != "type"}
        return {**kept, "oneOf": [{"type": type_} for type_ in _ONE_OF[name]]}
    if properties:
        document["properties"] = {
            field: _property(body, fields.get(field), words.get(field, {}), prefix)
            for field, body in properties.items()
        }
    return document


def _property(
    body: dict[str, Any], field: Field | None, words: dict[str, Any], prefix: str
) -> dict[str, Any]:
    """A property with full references, its words and its default."""
    body = _with_words(body, words)
    if field is not None and prefix == _REF_V3 and "default" not in body:
        body = _with_default(body, field, words)
    return _with_references(body, prefix)


def _with_words(body: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    if "enum" in words:
        lines = [
            f' - `"{word}"` {meaning}'
            for word, meaning in zip(words["enum"], words["meanings"], strict=True)
        ]
        text = "\n".join((body.get("description", ""), "", _WORDS_TITLE, *lines))
        return {**body, "description": text, "enum": sorted(words["enum"])}
    if "items" in words:
        inner = "items" if "items" in body else "additionalProperties"
        return {**body, inner: {**body[inner], "enum": sorted(words["items"])}}
    return body


def _with_default(body: dict[str, Any], field: Field, words: dict[str, Any]) -> dict[str, Any]:
    if "default" in words:
        return {**body, "default": words["default"]}
    if field.is_pointer:
        return body
    if "$ref" in body:
        is_struct = body["$ref"].rpartition(".")[2] not in _WITHOUT_DEFAULT
        return {**body, "default": {}} if is_struct else body
    is_always_there = not field.is_omitted_empty and not field.is_omitted_zero
    if field.type in _ZERO and field.format != "byte" and is_always_there:
        return {**body, "default": _ZERO[field.type]}
    return body


def _with_references(body: dict[str, Any], prefix: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in body.items():
        if key == "$ref":
            full = prefix + value
            if prefix == _REF_V3 and len(body) > 1:
                result["allOf"] = [{"$ref": full}]
            else:
                result["$ref"] = full
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            result[key] = _with_references(value, prefix)
        else:
            result[key] = value
    return result


def _paths(catalogue: Catalogue, kinds: Iterable[ServedKind], prefix: str) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for kind in kinds:
        scope = "/namespaces/{namespace}" if kind.namespaced else ""
        collection = f"{kind.base}{scope}/{kind.plural}"
        definition = catalogue.name_of(kind.group, kind.version, kind.kind)
        verbs = _operations(kind, kind.verbs, _COLLECTION, definition, prefix)
        if verbs:
            paths[collection] = verbs
        verbs = _operations(kind, kind.verbs, _OBJECT, definition, prefix)
        if verbs:
            paths[collection + "/{name}"] = verbs
        if kind.namespaced and "list" in kind.verbs:
            only_list = _operations(kind, ("list",), _COLLECTION, definition, prefix)
            paths[f"{kind.base}/{kind.plural}"] = only_list
        for name, own_verbs in kind.subresources:
            place = f"{collection}/{{name}}/{name}"
            verbs = _operations(kind, own_verbs, _OBJECT, definition, prefix)
            verbs |= _operations(kind, own_verbs, {"create": _COLLECTION["create"]}, None, prefix)
            if verbs:
                paths[place] = verbs
    return paths


def _operations(
    kind: ServedKind,
    verbs: Iterable[str],
    table: dict[str, tuple[str, str, tuple[str, ...]]],
    definition: str | None,
    prefix: str,
) -> dict[str, Any]:
    identity = {"group": kind.group, "kind": kind.kind, "version": kind.version}
    operations: dict[str, Any] = {}
    for verb in verbs:
        if verb not in table:
            continue
        method, action, parameters = table[verb]
        operation: dict[str, Any] = {
            "tags": [f"{kind.group or 'core'}_{kind.version}"],
            "parameters": [_parameter(name, prefix) for name in parameters],
            "responses": {"200": {"description": "OK"}},
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": identity,
        }
        if prefix == _REF_V3 and definition is not None and verb in ("create", "update", "patch"):
            operation["requestBody"] = _body(verb, definition)
        operations[method] = operation
    return operations


def _parameter(name: str, prefix: str) -> dict[str, Any]:
    type_ = _PARAMETER_TYPES.get(name, "string")
    if prefix == _REF_V2:
        return {"name": name, "in": "query", "type": type_, "uniqueItems": True}
    return {"name": name, "in": "query", "schema": {"type": type_, "uniqueItems": True}}


def _body(verb: str, definition: str) -> dict[str, Any]:
    name = full_name("meta.v1.Patch") if verb == "patch" else definition
    types = _PATCH_TYPES if verb == "patch" else _BODY_TYPES
    schema = {"$ref": _REF_V3 + name}
    return {"content": {type_: {"schema": schema} for type_ in types}, "required": True}
