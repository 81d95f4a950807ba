"""How much a pod asks for, and what a node has: plain ints by resource name.

cpu is in thousandths, everything else in whole units. Sums are made in nano units, so that they are
exact as upstream's are, and rounded up once at the end.

Models: k8s.io/component-helpers/resource/helpers.go (v0.37.2) and
pkg/scheduler/framework/types.go, Resource (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity

CPU = "cpu"
MEMORY = "memory"
EPHEMERAL_STORAGE = "ephemeral-storage"
PODS = "pods"

#: What a container counts for in scoring when it asks for nothing: 100m and 200Mi.
CPU_MILLI_DEFAULT = 100
MEMORY_BYTES_DEFAULT = 200 * 1024 * 1024

_NANO = 10**9
_MILLI_NANO = 10**6
#: Amounts in nano units by resource name.
Nanos: TypeAlias = dict[str, int]
_DEFAULTS: Nanos = {CPU: CPU_MILLI_DEFAULT * _MILLI_NANO, MEMORY: MEMORY_BYTES_DEFAULT * _NANO}

#: The requests of a container, from it and its status (None: there is none).
_Read: TypeAlias = Callable[[Object, Object | None, bool], Mapping[str, Any] | None]


def is_scalar(name: str) -> bool:
    """Whether the scheduler counts that resource beside cpu, memory and ephemeral storage."""
    if name.startswith(("hugepages-", "attachable-volumes-")):
        return True
    return "/" in name and not name.startswith("requests.")


def amounts(listed: Mapping[str, Any] | None) -> dict[str, int]:
    """A resource list (such as `status.allocatable`) as ints, without what is not counted."""
    return _rounded({name: parse_quantity(text).nanos for name, text in (listed or {}).items()})


def requests(pod: Object) -> dict[str, int]:
    """What a pod that waits for a node asks for, without zeros."""
    return _rounded(_pod_nanos(pod, {}, _spec_requests, is_pod_level=True))


def nonzero_requests(pod: Object, *, is_pod_level: bool = True) -> tuple[int, int]:
    """cpu and memory as scoring counts them: containers that ask for nothing get the default."""
    nanos = _pod_nanos(pod, _missing(pod, is_pod_level), _spec_requests, is_pod_level)
    return _cpu_memory(nanos)


def bound_requests(pod: Object) -> tuple[dict[str, int], tuple[int, int]]:
    """What a pod on a node occupies, and that as scoring counts it.

    While a resize is under way that is the largest of what is asked for, allocated and in force.
    """
    return (
        _rounded(_bound_nanos(pod, {})),
        _cpu_memory(_bound_nanos(pod, _missing(pod, True))),
    )


def has_status_resources(pod: Object) -> bool:
    """Whether the node reports resources of its own for the pod, see `bound_requests`."""
    status = pod.get("status") or {}
    if status.get("allocatedResources") or status.get("resources"):
        return True
    return any(
        held.get("allocatedResources") or held.get("resources")
        for field in ("containerStatuses", "initContainerStatuses")
        for held in status.get(field) or ()
    )


def _cpu_memory(nanos: Nanos) -> tuple[int, int]:
    return -(-nanos.get(CPU, 0) // _MILLI_NANO), -(-nanos.get(MEMORY, 0) // _NANO)


def _rounded(nanos: Nanos) -> dict[str, int]:
    found = {}
    for name, amount in nanos.items():
        if amount and (name in (CPU, MEMORY, EPHEMERAL_STORAGE, PODS) or is_scalar(name)):
            found[name] = -(-amount // (_MILLI_NANO if name == CPU else _NANO))
    return found


def _missing(pod: Object, is_pod_level: bool) -> Nanos:
    """The defaults that apply: none for what is asked for at pod level."""
    if not is_pod_level or not _pod_level(pod):
        return _DEFAULTS
    asked = _pod_nanos(pod, {}, _spec_requests, is_pod_level=True)
    return {name: amount for name, amount in _DEFAULTS.items() if name not in asked}


def _pod_level(pod: Object) -> Mapping[str, Any]:
    asked = (pod["spec"].get("resources") or {}).get("requests") or {}
    return {n: q for n, q in asked.items() if n in (CPU, MEMORY) or n.startswith("hugepages-")}


def _pod_nanos(pod: Object, missing: Nanos, read: _Read, is_pod_level: bool) -> Nanos:
    total = _aggregate(pod, missing, read)
    if is_pod_level:
        for name, text in _pod_level(pod).items():
            total[name] = parse_quantity(text).nanos
    _add(total, _nanos(pod["spec"].get("overhead")))
    return total


def _bound_nanos(pod: Object, missing: Nanos) -> Nanos:
    status = pod.get("status") or {}
    asked = _aggregate(pod, missing, _spec_requests)
    in_force = (status.get("resources") or {}).get("requests")
    if status.get("allocatedResources") is not None and in_force is not None:
        others = [_nanos(status["allocatedResources"]), _nanos(in_force)]
    else:
        others = [_aggregate(pod, missing, _allocated), _aggregate(pod, missing, _actuated)]
    total: Nanos = {} if _is_resize_infeasible(pod) else asked
    for other in others:
        _maximize(total, other)
    pod_level = {name: parse_quantity(text).nanos for name, text in _pod_level(pod).items()}
    if pod_level and status.get("resources") is not None:
        effective: Nanos = {} if _is_resize_infeasible(pod) else pod_level
        _maximize(effective, _nanos(in_force))
        _maximize(effective, _nanos(status.get("allocatedResources")))
        pod_level = effective
    total.update(pod_level)
    _add(total, _nanos(pod["spec"].get("overhead")))
    return total


def _aggregate(pod: Object, missing: Nanos, read: _Read) -> Nanos:
    """Containers side by side; an init container beside the sidecars started before it."""
    spec = pod["spec"]
    is_infeasible = _is_resize_infeasible(pod)
    total: Nanos = {}
    for container in spec["containers"]:
        _add(total, _container_nanos(pod, container, missing, read, is_infeasible))
    sidecars: Nanos = {}
    peak: Nanos = {}
    for container in spec.get("initContainers") or ():
        own = _container_nanos(pod, container, missing, read, is_infeasible)
        if container.get("restartPolicy") == "Always":
            _add(total, own)
            _add(sidecars, own)
            _maximize(peak, sidecars)
        else:
            _add(own, sidecars)
            _maximize(peak, own)
    _maximize(total, peak)
    return total


def _container_nanos(
    pod: Object, container: Object, missing: Nanos, read: _Read, is_infeasible: bool
) -> Nanos:
    status = None if read is _spec_requests else _container_status(pod, container["name"])
    found = _nanos(read(container, status, is_infeasible))
    for name, amount in missing.items():
        found.setdefault(name, amount)
    return found


def _container_status(pod: Object, name: str) -> Object | None:
    status = pod.get("status") or {}
    for field in ("containerStatuses", "initContainerStatuses"):
        for found in status.get(field) or ():
            if found.get("name") == name:
                held: Object = found
                return held
    return None


def _spec_requests(container: Object, _status: Object | None, _: bool) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = (container.get("resources") or {}).get("requests")
    return found


def _allocated(
    container: Object, status: Object | None, is_infeasible: bool
) -> Mapping[str, Any] | None:
    if status is not None and status.get("allocatedResources") is not None:
        allocated: Mapping[str, Any] = status["allocatedResources"]
        return allocated
    return None if is_infeasible else _spec_requests(container, None, False)


def _actuated(
    container: Object, status: Object | None, is_infeasible: bool
) -> Mapping[str, Any] | None:
    in_force = ((status or {}).get("resources") or {}).get("requests")
    if in_force is not None:
        actuated: Mapping[str, Any] = in_force
        return actuated
    return _allocated(container, status, is_infeasible)


def _is_resize_infeasible(pod: Object) -> bool:
    for condition in (pod.get("status") or {}).get("conditions") or ():
        if condition.get("type") == "PodResizePending":
            return bool(condition.get("reason") == "Infeasible")
    return False


def _nanos(listed: Mapping[str, Any] | None) -> Nanos:
    return {name: parse_quantity(text).nanos for name, text in (listed or {}).items()}


def _add(total: Nanos, more: Nanos) -> None:
    for name, amount in more.items():
        total[name] = total.get(name, 0) + amount


def _maximize(total: Nanos, other: Nanos) -> None:
    for name, amount in other.items():
        if name not in total or amount > total[name]:
            total[name] = amount
