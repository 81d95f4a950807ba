"""Preparing pods for storing: status, selectors completed from labels, pod-level resources.

Models: k8s.io/kubernetes/pkg/registry/core/pod/strategy.go and pkg/api/pod/util.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import Quantity, parse_quantity
from cluster_engine.kinds.core.pod.qos import class_of_spec

#: Status fields that a writer who does not know them leaves alone.
#: Of features that are off by default.
_DISABLED_STATUS = ("nodeAllocatableResourceClaimStatuses", "volumeHealth")
_KEPT_STATUS = (
    "qosClass",
    "resourceClaimStatuses",
    "extendedResourceClaimStatus",
)


def prepare(new: Object, old: Object | None) -> None:
    """A new pod starts pending; a change keeps the status."""
    if old is not None:
        new["status"] = old.get("status") or {}
        if "resources" in (old.get("spec") or {}) and "resources" not in new.get("spec", {}):
            new["spec"] = {**new["spec"], "resources": old["spec"]["resources"]}
        return
    spec = _prepared_spec(new.get("spec") or {}, new["metadata"].get("labels") or {})
    new["spec"] = spec
    status: Object = {"phase": "Pending"}
    if spec.get("schedulingGates"):
        status["conditions"] = [_gated(new["metadata"].get("creationTimestamp"))]
    status["qosClass"] = class_of_spec(spec)
    new["status"] = status


def _gated(stamp: str | None) -> Object:
    return {
        "type": "PodScheduled",
        "status": "False",
        "lastProbeTime": None,
        "lastTransitionTime": stamp,
        "reason": "SchedulingGated",
        "message": "Scheduling is blocked due to non-empty scheduling gates",
    }


def prepare_status(new: Object, old: Object | None) -> None:
    """Only the status changes, and what its writer does not know in it stays."""
    assert old is not None
    status = dict(new.get("status") or {})
    before = old.get("status") or {}
    for field in _KEPT_STATUS:
        if not status.get(field) and before.get(field):
            status[field] = before[field]
    for field in _DISABLED_STATUS:
        status.pop(field, None)
    _keep_generations(status, before)
    metadata = dict(new["metadata"])
    metadata.pop("ownerReferences", None)
    if "ownerReferences" in old["metadata"]:
        metadata["ownerReferences"] = old["metadata"]["ownerReferences"]
    new["metadata"] = metadata
    new["spec"] = old.get("spec") or {}
    new["status"] = status


def _keep_generations(status: Object, before: Object) -> None:
    if not status.get("observedGeneration") and before.get("observedGeneration"):
        status["observedGeneration"] = before["observedGeneration"]
    held: dict[str, list[int]] = {}
    for condition in before.get("conditions") or ():
        held.setdefault(condition["type"], []).append(condition.get("observedGeneration") or 0)
    conditions = []
    for condition in status.get("conditions") or ():
        generations = held.get(condition.get("type", ""))
        generation = generations.pop(0) if generations else 0
        if generation and not condition.get("observedGeneration"):
            condition = {**condition, "observedGeneration": generation}
        conditions.append(condition)
    if conditions:
        status["conditions"] = conditions


def prepare_ephemeral(new: Object, old: Object | None) -> None:
    """Through `ephemeralcontainers` only those change."""
    assert old is not None
    containers = (new.get("spec") or {}).get("ephemeralContainers")
    spec = {k: v for k, v in (old.get("spec") or {}).items() if k != "ephemeralContainers"}
    if containers:
        spec["ephemeralContainers"] = containers
    _from_old(new, old, spec)


def prepare_resize(new: Object, old: Object | None) -> None:
    """Through `resize` only resources and resize policies change."""
    assert old is not None
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    lists = ("containers", "initContainers")
    if any(len(spec.get(name) or ()) != len(before.get(name) or ()) for name in lists):
        return
    merged = dict(before)
    for name in lists:
        if before.get(name):
            merged[name] = _resized(spec[name], before[name])
    if spec.get("resources") is not None:
        merged["resources"] = spec["resources"]
        merged = _with_pod_level(merged)
    _from_old(new, old, merged)


def _resized(new: list[Object], old: list[Object]) -> list[Object]:
    merged = []
    for container, before in zip(new, old, strict=True):
        if container.get("name") != before.get("name"):
            return new
        one = {k: v for k, v in before.items() if k not in ("resources", "resizePolicy")}
        one.update({k: container[k] for k in ("resources", "resizePolicy") if k in container})
        merged.append(one)
    return merged


def _from_old(new: Object, old: Object, spec: Object) -> None:
    metadata = {**old["metadata"]}
    if new["metadata"].get("resourceVersion"):
        metadata["resourceVersion"] = new["metadata"]["resourceVersion"]
    new["metadata"] = metadata
    new["spec"] = spec
    new["status"] = old.get("status") or {}


def _prepared_spec(spec: Object, labels: dict[str, str]) -> Object:
    if spec.get("affinity"):
        spec = {**spec, "affinity": _completed_affinity(spec["affinity"], labels)}
    if spec.get("topologySpreadConstraints"):
        constraints = [
            _completed(constraint, labels) for constraint in spec["topologySpreadConstraints"]
        ]
        spec = {**spec, "topologySpreadConstraints": constraints}
    if spec.get("resources"):
        spec = _with_pod_level(spec)
    return spec


def _completed_affinity(affinity: Object, labels: dict[str, str]) -> Object:
    completed = dict(affinity)
    for name in ("podAffinity", "podAntiAffinity"):
        rules = affinity.get(name)
        if not rules:
            continue
        rules = dict(rules)
        required = rules.get("requiredDuringSchedulingIgnoredDuringExecution")
        if required:
            rules["requiredDuringSchedulingIgnoredDuringExecution"] = [
                _completed(term, labels) for term in required
            ]
        preferred = rules.get("preferredDuringSchedulingIgnoredDuringExecution")
        if preferred:
            rules["preferredDuringSchedulingIgnoredDuringExecution"] = [
                {**one, "podAffinityTerm": _completed(one.get("podAffinityTerm") or {}, labels)}
                for one in preferred
            ]
        completed[name] = rules
    return completed


def _completed(term: Object, labels: dict[str, str]) -> Object:
    """The term with the pod's own values of its match label keys in its selector."""
    selector = term.get("labelSelector")
    if selector is None:
        return term
    added = [
        {"key": key, "operator": operator, "values": [labels[key]]}
        for field, operator in (("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn"))
        for key in term.get(field) or ()
        if key in labels
    ]
    if not added:
        return term
    expressions = [*(selector.get("matchExpressions") or ()), *added]
    return {**term, "labelSelector": {**selector, "matchExpressions": expressions}}


# --- pod-level resources


def _with_pod_level(spec: Object) -> Object:
    """Pod-level requests and limits completed from those of the containers."""
    held = spec["resources"]
    requests: dict[str, Any] = dict(held.get("requests") or {})
    limits: dict[str, Any] = dict(held.get("limits") or {})
    if not requests and not limits:
        return spec
    for name, amount in aggregate(spec, "limits").items():
        if name.startswith("hugepages-") and name not in requests:
            limits.setdefault(name, str(amount))
    for name, amount in aggregate(spec, "requests").items():
        if name in ("cpu", "memory"):
            requests.setdefault(name, str(amount))
    for name, written in limits.items():
        if _is_pod_level(name):
            requests.setdefault(name, written)
    _complete_limits(spec, requests, limits)
    resources = {**held, "requests": requests, "limits": limits}
    return {**spec, "resources": {k: v for k, v in resources.items() if v}}


def _complete_limits(spec: Object, requests: dict[str, Any], limits: dict[str, Any]) -> None:
    totals = aggregate(spec, "limits")
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    for name, written in requests.items():
        if not _is_pod_level(name) or name in limits:
            continue
        if all(name in ((one.get("resources") or {}).get("limits") or {}) for one in containers):
            total = totals.get(name)
            if total is not None:
                limits[name] = str(max(total, parse_quantity(written)))


def _is_pod_level(name: str) -> bool:
    return name in ("cpu", "memory") or name.startswith("hugepages-")


def aggregate(spec: Object, field: str) -> dict[str, Quantity]:
    """What all containers together ask for ("requests") or may use ("limits")."""
    total: dict[str, Quantity] = {}
    sidecars: dict[str, Quantity] = {}
    peak: dict[str, Quantity] = {}
    for container in spec.get("containers") or ():
        _add(total, _amounts(container, field))
    for container in spec.get("initContainers") or ():
        amounts = _amounts(container, field)
        if container.get("restartPolicy") == "Always":
            _add(total, amounts)
            _add(sidecars, amounts)
            amounts = sidecars
        else:
            amounts = dict(amounts)
            _add(amounts, sidecars)
        for name, amount in amounts.items():
            if name not in peak or peak[name] < amount:
                peak[name] = amount
    for name, amount in peak.items():
        if name not in total or total[name] < amount:
            total[name] = amount
    return total


def _amounts(container: Object, field: str) -> dict[str, Quantity]:
    written = (container.get("resources") or {}).get(field) or {}
    return {name: parse_quantity(amount) for name, amount in written.items()}


def _add(total: dict[str, Quantity], amounts: dict[str, Quantity]) -> None:
    for name, amount in amounts.items():
        total[name] = total[name] + amount if name in total else amount
