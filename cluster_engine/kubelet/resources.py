"""What a pod asks for in sum, and its quality of service class. Pure functions.

Models: k8s.io/component-helpers/resource/helpers.go, pkg/apis/core/v1/helper/qos (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import ZERO, Quantity, parse_quantity
from cluster_engine.kubelet.containers import is_sidecar

_COMPUTE = ("cpu", "memory")
_POD_LEVEL = ("cpu", "memory")
_EMPTY: dict[str, str] = {}


def resources_of(container: Object, kind: str) -> Mapping[str, str]:
    """The `requests` or `limits` of a container or of a pod spec."""
    resources: Object = container.get("resources") or {}
    found: Mapping[str, str] | None = resources.get(kind)
    return found or _EMPTY


def pod_total(spec: Object, kind: str) -> dict[str, str]:
    """The pod's `requests` or `limits`: containers and sidecars added up, against the largest init
    container; pod-level values win; overhead is added."""
    init = spec.get("initContainers") or ()
    containers = spec["containers"]
    if len(containers) == 1 and not init:
        total = dict(resources_of(containers[0], kind))
    else:
        total = _aggregate(containers, init, kind)
    for name, amount in resources_of(spec, kind).items():
        if name in _POD_LEVEL or name.startswith("hugepages-"):
            total[name] = amount
    for name, amount in (spec.get("overhead") or _EMPTY).items():
        if kind == "requests" or name in total:
            total[name] = str(parse_quantity(total.get(name, "0")) + parse_quantity(amount))
    return total


def are_all_limited(spec: Object, name: str) -> bool:
    """Whether the pod as a whole has a limit of that resource (then its cgroup has one)."""
    if name in resources_of(spec, "limits"):
        return True
    every = [*spec["containers"], *(c for c in spec.get("initContainers") or () if is_sidecar(c))]
    return all(name in resources_of(container, "limits") for container in every)


def qos_class(pod: Object) -> str:
    """Guaranteed, Burstable or BestEffort; what the API server has found out already is kept."""
    known = (pod.get("status") or {}).get("qosClass")
    if known:
        return str(known)
    spec = pod["spec"]
    if resources_of(spec, "requests") or resources_of(spec, "limits"):
        return _qos([spec])
    return _qos([*spec["containers"], *(spec.get("initContainers") or ())])


def _qos(holders: list[Object]) -> str:
    requested = {
        (name, kind): total
        for kind in ("requests", "limits")
        for name in _COMPUTE
        if (total := _sum(resources_of(holder, kind).get(name) for holder in holders))
    }
    if not requested:
        return "BestEffort"
    is_guaranteed = all(
        name in resources_of(holder, "limits") for holder in holders for name in _COMPUTE
    ) and all(
        requested.get((name, "requests"), requested.get((name, "limits")))
        == requested.get((name, "limits"))
        for name in _COMPUTE
    )
    return "Guaranteed" if is_guaranteed else "Burstable"


def _sum(amounts: Iterable[str | None]) -> Quantity:
    total = ZERO
    for amount in amounts:
        if amount is not None:
            total = total + parse_quantity(amount)
    return total


def _aggregate(containers: list[Object], init: Iterable[Object], kind: str) -> dict[str, str]:
    total: dict[str, Quantity] = {}
    for container in containers:
        _add(total, resources_of(container, kind))
    sidecars: dict[str, Quantity] = {}
    largest: dict[str, Quantity] = {}
    for container in init:
        amounts = resources_of(container, kind)
        if is_sidecar(container):
            _add(total, amounts)
            _add(sidecars, amounts)
            needed = sidecars
        else:
            needed = dict(sidecars)
            _add(needed, amounts)
        for name, amount in needed.items():
            largest[name] = max(largest.get(name, ZERO), amount)
    for name, amount in largest.items():
        total[name] = max(total.get(name, ZERO), amount)
    return {name: str(amount) for name, amount in total.items()}


def _add(total: dict[str, Quantity], amounts: Mapping[str, str]) -> None:
    for name, amount in amounts.items():
        held = total.get(name)
        total[name] = parse_quantity(amount) if held is None else held + parse_quantity(amount)
