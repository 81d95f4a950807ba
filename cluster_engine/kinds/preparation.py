"""Preparing objects for storing, as most kinds do it.

Preparers get a top-level dict that is theirs; what is nested in it may be shared with stored
objects, so they put new values in place of old ones.

Models: the strategies of k8s.io/kubernetes/pkg/registry (v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.schema.catalogue import load
from cluster_engine.schema.check import decoder

_ABSENT: Any = object()


@cache
def fresh_status(group: str, version: str, kind: str) -> Any:
    """The status of a new object as it is written: often empty, sometimes with zeros in it."""
    definition = load().name_of(group, version, kind)
    if definition is None:
        return _ABSENT
    return decoder().zero(definition).get("status", _ABSENT)


@dataclass(frozen=True, slots=True)
class SeparateStatus:
    """For kinds with a `status` subresource: a new object has an empty status, a changed one
    keeps what it had."""

    group: str
    version: str
    kind: str

    def __call__(self, new: Object, old: Object | None) -> None:
        if old is not None:
            status = old.get("status", _ABSENT)
        else:
            status = fresh_status(self.group, self.version, self.kind)
        if status is _ABSENT:
            new.pop("status", None)
        else:
            new["status"] = status


def only_status(new: Object, old: Object | None) -> None:
    """A write through `status` changes the status and metadata; all else stays."""
    assert old is not None
    status = new.get("status", _ABSENT)
    metadata = new["metadata"]
    new.clear()
    new.update(old)
    new["metadata"] = metadata
    if status is _ABSENT:
        new.pop("status", None)
    else:
        new["status"] = status


def sealed_status(new: Object, old: Object | None) -> None:
    """A write through `status` changes the status alone."""
    only_status(new, old)
    assert old is not None
    metadata = old["metadata"]
    version = new["metadata"].get("resourceVersion")
    if version:
        metadata = {**metadata, "resourceVersion": version}
    new["metadata"] = metadata


def count_generation(new: Object, old: Object | None, *fields: str) -> None:
    """Count a change of one of those top-level fields in `metadata.generation`."""
    generation = 1
    if old is not None:
        generation = old["metadata"].get("generation") or 0
        if any(new.get(field) != old.get(field) for field in fields):
            generation += 1
    if new["metadata"].get("generation", 0) != generation:
        new["metadata"] = {**new["metadata"], "generation": generation}
