"""Subresources that are a part of the object: which part an update of each may change.

Models: the strategies beside the main one in k8s.io/kubernetes/pkg/registry: namespace finalize,
pod ephemeralcontainers and resize, certificate approval (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable

from cluster_engine.apimachinery.objects import Object

#: `(new, old)` to what is stored; must not change either.
Part = Callable[[Object, Object], Object]


def finalize(new: Object, old: Object) -> Object:
    """The finalizers of a namespace's spec; what the client says of the rest is the rest."""
    changed = dict(new)
    if "status" in old:
        changed["status"] = old["status"]
    return changed


def ephemeral_containers(new: Object, old: Object) -> Object:
    """The debugging containers of a pod."""
    spec = dict(old["spec"])
    containers = (new.get("spec") or {}).get("ephemeralContainers")
    if containers:
        spec["ephemeralContainers"] = containers
    else:
        spec.pop("ephemeralContainers", None)
    return {**old, "spec": spec}


def resize(new: Object, old: Object) -> Object:
    """The resources of a pod's containers."""
    spec = dict(old["spec"])
    for field in ("containers", "initContainers"):
        if field in spec:
            given = {item.get("name"): item for item in (new.get("spec") or {}).get(field) or ()}
            spec[field] = [_resized(item, given.get(item["name"])) for item in spec[field]]
    return {**old, "spec": spec}


def approval(new: Object, old: Object) -> Object:
    """The conditions of a certificate signing request."""
    status = dict(old.get("status") or {})
    conditions = (new.get("status") or {}).get("conditions")
    if conditions:
        status["conditions"] = conditions
    else:
        status.pop("conditions", None)
    return {**old, "status": status}


def _resized(container: Object, given: Object | None) -> Object:
    if given is None:
        return container
    changed = dict(container)
    for field in ("resources", "resizePolicy"):
        if field in given:
            changed[field] = given[field]
    return changed


PARTS: dict[str, Part] = {
    "approval": approval,
    "ephemeralcontainers": ephemeral_containers,
    "finalize": finalize,
    "resize": resize,
}
