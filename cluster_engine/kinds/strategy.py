"""What the request chain does with a kind's record: prepare and validate a create or an update.

The API server calls these four around admission; they know no kind by name. A record's own
functions say only what is particular to it: the metadata is handled here.

Models: k8s.io/apiserver/pkg/registry/rest/create.go, update.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.kind import STATUS, Kind


def prepare_create(kind: Kind, obj: Object) -> None:
    """Reset what clients may not set on a private new object, and count its first generation."""
    if STATUS in kind.subresources:
        obj.pop("status", None)
    if kind.has_generation:
        obj["metadata"]["generation"] = 1
    if kind.prepare is not None:
        kind.prepare(obj, None)


def prepare_update(kind: Kind, new: Object, old: Object, subresource: str = "") -> None:
    """Take from `old` what this write may not change; `new` is private."""
    metadata, before = new["metadata"], old["metadata"]
    generation = before.get("generation")
    if generation is None:
        metadata.pop("generation", None)
    else:
        metadata["generation"] = generation
    if subresource == "status":
        _prepare_status(kind, new, old)
    else:
        _prepare_main(kind, new, old, generation or 0)
    for name in ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"):
        if before.get(name) is not None and (name != "uid" or not metadata.get("uid")):
            metadata[name] = before[name]


def _prepare_main(kind: Kind, new: Object, old: Object, generation: int) -> None:
    if STATUS in kind.subresources:
        if "status" in old:
            new["status"] = old["status"]
        else:
            new.pop("status", None)
    if kind.prepare is not None:
        kind.prepare(new, old)
    if kind.has_generation and new.get("spec") != old.get("spec"):
        new["metadata"]["generation"] = generation + 1


def _prepare_status(kind: Kind, new: Object, old: Object) -> None:
    for name in [name for name in new if name not in ("status", "metadata")]:
        if name not in old:
            del new[name]
    for name, value in old.items():
        if name not in ("status", "metadata"):
            new[name] = value
    if kind.prepare_status is not None:
        kind.prepare_status(new, old)


def validate_create(kind: Kind, obj: Object) -> list[FieldError]:
    """Problems of a prepared and admitted new object, metadata included."""
    return kind.validate(obj) if kind.validate is not None else []


def validate_update(
    kind: Kind, new: Object, old: Object, subresource: str = ""
) -> list[FieldError]:
    """Problems of a prepared and admitted change, metadata included."""
    check = kind.validate_status if subresource == "status" else kind.validate_update
    return check(new, old) if check is not None else []
