"""Objects of the right types with any contents, as a careless client might send them."""

from __future__ import annotations

from random import Random
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.kind import Kind
from cluster_engine.schema.catalogue import Field, load
from cluster_engine.schema.check import check
from tests.engine.kinds.judging import CREATED

_TEXTS = (
    "",
    "a",
    "a/b",
    "a.b/c",
    "x y",
    "-1",
    "*",
    "%",
    "5%",
    "150%",
    "../a",
    "/a/b",
    "é",
    "A" * 70,
    "10.0.0.1",
    "10.0.0.1/8",
    "fd00::1",
    "https://a.b/c",
    "1.2.3",
    "v1",
    "None",
    "Always",
    "TCP",
    "cpu",
    "pods",
    "requests.cpu",
    "kubernetes.io/x",
    "hugepages-2Mi",
)
_NUMBERS = (0, 1, -1, 80, 3600, 70000, 2**31 - 1)
_BY_TYPE: dict[str, tuple[Any, ...]] = {
    "Quantity": ("0", "1", "-1", "100m", "1Gi", "0.5", "1n"),
    "IntOrString": (0, -5, 80, "5%", "http", ""),
    "Time": (CREATED,),
    "MicroTime": ("2026-01-01T00:00:00.000000Z",),
    "RawExtension": ({}, {"a": 1}, None),
    "JSON": ({}, {"a": 1}, None),
    "FieldsV1": ({},),
    "JSONSchemaProps": ({"type": "object"},),
}
_BY_FORMAT: dict[str, tuple[Any, ...]] = {"byte": ("", "eA==", "e30="), "date-time": (CREATED,)}
_SCALARS: dict[str, tuple[Any, ...]] = {
    "integer": _NUMBERS,
    "number": (0, 1.5, -2),
    "boolean": (False, True),
    "string": _TEXTS,
}
#: How likely an optional field is there, by depth.
_CHANCES = (0.75, 0.75, 0.35, 0.35, 0.35, 0.2, 0.2, 0.2)
_CHANCE_BELOW = 0.05
_DEPTH_MAX = 14


class Careless:
    """Makes objects of one kind."""

    def __init__(self, kind: Kind, random: Random) -> None:
        self.kind = kind
        self._random = random
        self._catalogue = load()

    def object(self) -> Object:
        """One of them, decoded and with its defaults."""
        kind = self.kind
        name = self._catalogue.name_of(kind.group, kind.version, kind.kind)
        assert name is not None
        body = self._struct(name, 0)
        given = body.get("metadata") or {}
        metadata = {key: given[key] for key in ("labels", "annotations") if key in given}
        metadata |= {"name": self._random.choice(("web", "a.b", "x:y")), "uid": "u-1"}
        metadata |= {"creationTimestamp": CREATED, "resourceVersion": "7"}
        if kind.namespaced:
            metadata["namespace"] = "default"
        body |= {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata}
        findings = check(body, kind.group, kind.version, kind.kind)
        assert findings.wrong == ""
        if kind.default is not None:
            kind.default(findings.object)
        return findings.object

    def _struct(self, name: str, depth: int) -> Object:
        definition = self._catalogue.definition(name)
        chance = _CHANCES[depth] if depth < len(_CHANCES) else _CHANCE_BELOW
        found: Object = {}
        for field, one in definition.fields.items():
            is_wanted = field in definition.required and depth < _DEPTH_MAX
            if self._random.random() < chance or (is_wanted and self._random.random() < 0.7):
                found[field] = self._value(one, depth)
        return found

    def _value(self, field: Field, depth: int) -> Any:
        random = self._random
        if field.enum and random.random() < 0.7:
            return random.choice(field.enum)
        if field.ref:
            name = field.ref.rpartition(".")[2]
            if name in _BY_TYPE:
                return random.choice(_BY_TYPE[name])
            return None if name.startswith("JSONSchema") else self._struct(field.ref, depth + 1)
        if field.items is not None:
            count = random.choice((0, 1, 1, 2, 3))
            return [self._value(field.items, depth + 1) for _ in range(count)]
        if field.values is not None:
            keys = random.sample(_TEXTS, random.choice((0, 1, 2)))
            return {key: self._value(field.values, depth + 1) for key in keys}
        choices = _BY_FORMAT.get(field.format) or _SCALARS.get(field.type, (None, 1, "a"))
        return random.choice(choices)
