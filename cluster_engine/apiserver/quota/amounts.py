"""What a pod asks for as a whole: its containers' requests and limits put together.

Models: k8s.io/component-helpers/resource PodRequests, PodLimits (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import ZERO, Quantity, parse_quantity

Amounts = dict[str, Quantity]

_POD_LEVEL = ("cpu", "memory")


def pod_requests(pod: Object) -> Amounts:
    """The requests of a pod, by resource."""
    return _pod_amounts(pod, "requests")


def pod_limits(pod: Object) -> Amounts:
    """The limits of a pod, by resource."""
    return _pod_amounts(pod, "limits")


def amounts_of(holder: Object, field: str) -> Amounts:
    """`resources.<field>` of a container, claim or pod as quantities."""
    given = (holder.get("resources") or {}).get(field) or {}
    return {name: parse_quantity(amount) for name, amount in given.items()}


def added(left: Amounts, right: Amounts) -> Amounts:
    """The sum, resource by resource."""
    total = dict(left)
    for name, amount in right.items():
        total[name] = total[name] + amount if name in total else amount
    return total


def subtracted(left: Amounts, right: Amounts) -> Amounts:
    """The difference for every resource of either side, not below zero."""
    result: Amounts = {}
    for name in {**left, **right}:
        rest = left.get(name, ZERO) - right.get(name, ZERO)
        result[name] = rest if rest > ZERO else Quantity(0, rest.format)
    return result


def _pod_amounts(pod: Object, field: str) -> Amounts:
    spec = pod.get("spec") or {}
    total: Amounts = {}
    for container in spec.get("containers") or ():
        total = added(total, amounts_of(container, field))
    sidecars: Amounts = {}
    initial: Amounts = {}
    for container in spec.get("initContainers") or ():
        amounts = amounts_of(container, field)
        if container.get("restartPolicy") == "Always":
            total = added(total, amounts)
            sidecars = added(sidecars, amounts)
            amounts = sidecars
        else:
            amounts = added(amounts, sidecars)
        initial = _greater(initial, amounts)
    total = _greater(total, initial)
    for name, amount in amounts_of(spec, field).items():
        if name in _POD_LEVEL or name.startswith("hugepages-"):
            total[name] = amount
    overhead = spec.get("overhead")
    if overhead:
        extra = {name: parse_quantity(amount) for name, amount in overhead.items()}
        if field == "limits":
            extra = {name: amount for name, amount in extra.items() if name in total}
        total = added(total, extra)
    return total


def _greater(left: Amounts, right: Amounts) -> Amounts:
    result = dict(left)
    for name, amount in right.items():
        if name not in result or amount > result[name]:
            result[name] = amount
    return result
