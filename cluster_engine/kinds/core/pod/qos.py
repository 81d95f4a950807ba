"""The quality-of-service class of a pod, from its cpu and memory requests and limits.

Models: k8s.io/kubernetes/pkg/apis/core/helper/qos (v1.37.2).
"""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity

GUARANTEED, BURSTABLE, BEST_EFFORT = "Guaranteed", "Burstable", "BestEffort"
_COMPUTE = ("cpu", "memory")


def qos_class(obj: Object) -> str:
    """The class of a pod: what its status says, else what its spec makes it."""
    held = (obj.get("status") or {}).get("qosClass")
    return held or class_of_spec(obj.get("spec") or {})


def class_of_spec(spec: Object) -> str:
    """The class that a spec makes: that of all its containers if they agree."""
    whole = spec.get("resources")
    if whole and _is_pod_level(whole):
        return _class_of(whole)
    found = ""
    for name in ("initContainers", "containers"):
        for container in spec.get(name) or ():
            one = _class_of(container.get("resources") or {})
            if one == BURSTABLE or (found and one != found):
                return BURSTABLE
            found = one
    return found or BEST_EFFORT


def _is_pod_level(resources: Object) -> bool:
    return any(
        name in _COMPUTE or name.startswith("hugepages-")
        for amounts in (resources.get("requests"), resources.get("limits"))
        for name in amounts or ()
    )


def _class_of(resources: Object) -> str:
    requests, limits = resources.get("requests"), resources.get("limits")
    if not requests and not limits:
        return BEST_EFFORT
    cpu, memory = (_class_of_one(requests or {}, limits or {}, name) for name in _COMPUTE)
    return cpu if cpu == memory else BURSTABLE


def _class_of_one(requests: Object, limits: Object, name: str) -> str:
    request, limit = requests.get(name, "0"), limits.get(name, "0")
    if request == limit:
        return GUARANTEED if _nanos(limit) else BEST_EFFORT
    request_nanos, limit_nanos = _nanos(request), _nanos(limit)
    if request_nanos == limit_nanos:
        return GUARANTEED if limit_nanos else BEST_EFFORT
    return BURSTABLE


@lru_cache(maxsize=4096)
def _nanos(amount: str | int | float) -> int:
    return parse_quantity(amount).nanos
