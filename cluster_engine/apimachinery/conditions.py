"""Lists of status conditions: finding one, and setting one with the transition time kept right.

Models: k8s.io/apimachinery/pkg/api/meta/conditions.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339


def find(conditions: Iterable[Object] | None, type_: str) -> Object | None:
    """The condition of that type, or None."""
    for condition in conditions or ():
        if condition.get("type") == type_:
            return condition
    return None


def status_of(conditions: Iterable[Object] | None, type_: str) -> str:
    """ "True", "False" or "Unknown"; "Unknown" also when there is no such condition."""
    condition = find(conditions, type_)
    return "Unknown" if condition is None else str(condition.get("status", "Unknown"))


def is_true(conditions: Iterable[Object] | None, type_: str) -> bool:
    """Whether the condition is there and its status is "True"."""
    condition = find(conditions, type_)
    return condition is not None and condition.get("status") == "True"


def with_condition(
    conditions: list[Object] | None,
    type_: str,
    status: str,
    reason: str,
    message: str,
    now_ms: int,
    **extra: Any,
) -> list[Object]:
    """The list with that condition set, in its old place or at the end.

    `lastTransitionTime` changes only when the status does. `extra` fields (lastProbeTime,
    observedGeneration …) are set as given. The same list comes back when nothing changes; an empty
    reason or message leaves its field out.
    """
    old = list(conditions or ())
    for position, held in enumerate(old):
        if held.get("type") == type_:
            stamp = held.get("lastTransitionTime") if held.get("status") == status else None
            new = _condition(type_, status, reason, message, stamp or rfc3339(now_ms), extra)
            if new == held and conditions is not None:
                return conditions
            old[position] = new
            return old
    old.append(_condition(type_, status, reason, message, rfc3339(now_ms), extra))
    return old


def without_condition(conditions: list[Object] | None, type_: str) -> list[Object]:
    """The list without the condition of that type."""
    return [condition for condition in conditions or () if condition.get("type") != type_]


def _condition(
    type_: str, status: str, reason: str, message: str, stamp: str, extra: dict[str, Any]
) -> Object:
    condition: Object = {"type": type_, "status": status, **extra, "lastTransitionTime": stamp}
    if reason:
        condition["reason"] = reason
    if message:
        condition["message"] = message
    return condition
