"""Objects on their way from a served version into the stored one."""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.kinds.kind import Kind
from cluster_engine.schema.check import Findings, check


def check_object(kind: Kind, obj: Object, expected: tuple[str, str, str]) -> Findings:
    """The canonical form of an object of the kind or, as a subresource takes it, of another."""
    if kind.types is not None and expected[0] == kind.group:
        return kind.types.read(clone(obj))
    return check(obj, *expected)


def to_stored(kind: Kind, obj: Object, version: str) -> Object:
    """A served object in the stored version, with defaults filled in."""
    if kind.types is not None:
        return kind.types.stored_form(obj)
    if kind.from_version is not None and (version != kind.version or kind.stored_as):
        obj = kind.from_version(obj, version)
    obj["apiVersion"], obj["kind"] = kind.api_version, kind.kind
    if kind.default is not None:
        kind.default(obj)
    return obj
