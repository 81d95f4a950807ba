"""Preparing objects for storing, as most kinds do it.

`status_is_separate` is for kinds with a `status` subresource: a write of the object cannot set its
status. Preparers get a top-level dict that is theirs; what is nested in it may be shared with
stored objects, so they put new values in place of old ones.

Models: the strategies of k8s.io/kubernetes/pkg/registry (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object


def status_is_separate(new: Object, old: Object | None) -> None:
    """A new object has no status; a changed one keeps what it had."""
    if old is not None and "status" in old:
        new["status"] = old["status"]
    else:
        new.pop("status", None)


def empty_status(new: Object, old: Object | None) -> None:
    """As `status_is_separate`, for kinds whose status is written even when empty."""
    new["status"] = {} if old is None else old.get("status", {})


def only_status(new: Object, old: Object | None) -> None:
    """A write through `status` changes the status; everything but the metadata stays."""
    assert old is not None
    status = new.get("status")
    metadata = new["metadata"]
    new.clear()
    new.update(old)
    new["metadata"] = metadata
    if status is None:
        new.pop("status", None)
    else:
        new["status"] = status


def with_generation(new: Object, old: Object | None, *fields: str) -> None:
    """Count a change of one of those top-level fields in `metadata.generation`."""
    generation = 1
    if old is not None:
        generation = old["metadata"].get("generation") or 0
        if any(new.get(field) != old.get(field) for field in fields):
            generation += 1
    if new["metadata"].get("generation", 0) != generation:
        new["metadata"] = {**new["metadata"], "generation": generation}
