"""What the types mean, in words and in a compact form for a browser's completion.

Used by table columns, by `kubectl explain` inside the page, and by the playground's
`/api/v1/schemas`.
"""

from __future__ import annotations

from typing import Any

from cluster_engine.schema.catalogue import Definition, Field, load

_PREFIXES = {
    "meta.v1": "io.k8s.apimachinery.pkg.apis.meta.v1",
    "apiextensions.v1": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1",
    "apiregistration.v1": "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1",
}
#: A field's `type` where a reference is read by its own rules, not field by field.
_SCALAR_TYPES = {
    "Quantity": "quantity",
    "IntOrString": "int-or-string",
    "Time": "date-time",
    "MicroTime": "date-time",
}


def full_name(short: str) -> str:
    """ "core.v1.Pod" is "io.k8s.api.core.v1.Pod", "meta.v1.ObjectMeta" lies elsewhere."""
    package, _, name = short.rpartition(".")
    return f"{_PREFIXES.get(package, f'io.k8s.api.{package}')}.{name}"


def description(definition: str, field: str = "") -> str:
    """The published description of a type or of one of its fields; empty when there is none."""
    found = load().definition(definition)
    if not field:
        return found.description
    return found.fields[field].description if field in found.fields else ""


def explain(group: str, version: str, kind: str) -> dict[str, Any] | None:
    """Everything an editor must know to complete an object of that kind, or None.

    `{"root": name, "definitions": {name: {description, properties: {field: {type, ref?, items?,
    description, enum?, required?}}}}}` with every type reachable from the root.
    """
    catalogue = load()
    root = catalogue.name_of(group, version, kind)
    if root is None:
        return None
    definitions: dict[str, Any] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name in definitions:
            continue
        definition = catalogue.definition(name)
        definitions[name] = _described(definition)
        waiting.extend(_references(definition))
    if root in definitions:
        properties = definitions[root]["properties"]
        properties["apiVersion"]["enum"] = [f"{group}/{version}" if group else version]
        properties["kind"]["enum"] = [kind]
    return {"root": root, "definitions": definitions}


def _references(definition: Definition) -> list[str]:
    found = []
    for one in definition.fields.values():
        at: Field | None = one
        while at is not None:
            if at.ref and at.ref.rpartition(".")[2] not in _SCALAR_TYPES:
                found.append(at.ref)
            at = at.items or at.values
    return found


def _described(definition: Definition) -> dict[str, Any]:
    properties = {}
    for name, one in definition.fields.items():
        described = _type(one)
        described["description"] = one.description
        if name in definition.required:
            described["required"] = True
        properties[name] = described
    return {"description": definition.description, "properties": properties}


def _type(one: Field) -> dict[str, Any]:
    if one.ref:
        scalar = _SCALAR_TYPES.get(one.ref.rpartition(".")[2])
        return {"type": scalar} if scalar else {"type": "object", "ref": one.ref}
    if one.items is not None:
        return {"type": "array", "items": _type(one.items)}
    if one.values is not None:
        return {"type": "map", "items": _type(one.values)}
    described: dict[str, Any] = {"type": one.type or "any"}
    if one.enum:
        described["enum"] = list(one.enum)
    return described
