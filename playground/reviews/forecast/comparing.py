"""The difference between two moments of a cluster, as a reviewer wants to know it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from cluster_engine.apimachinery.quantity import bytes_of, cpu_milli, parse_quantity
from playground.reviews.forecast.picture import Object, Picture, key_of
from playground.reviews.forecast.pods import pods_change

#: Of any one list.
_LISTED_MAX = 500
_WORKLOADS = {
    "deployments": ("Deployment", "replicas", "readyReplicas"),
    "statefulsets": ("StatefulSet", "replicas", "readyReplicas"),
    "daemonsets": ("DaemonSet", "", "numberReady"),
    "jobs": ("Job", "completions", "succeeded"),
}


def compare(
    before: Picture, after: Picture, evicted: Collection[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Everything that differs: the parts of the API's `Effect` that are about the cluster."""
    pods = pods_change(before, after, evicted)
    cpu, memory = before.cost(), after.cost()
    return {
        "pods": {name: rows[:_LISTED_MAX] for name, rows in pods.items()},
        "workloads": _workloads(before, after)[:_LISTED_MAX],
        "services": _services(before, after)[:_LISTED_MAX],
        "quotas": _quotas(before, after)[:_LISTED_MAX],
        "cost": {"cpu_milli": _two(cpu[0], memory[0]), "memory_bytes": _two(cpu[1], memory[1])},
        "nodes": _nodes(before, after)[:_LISTED_MAX],
        "warnings": _warnings(before, after)[:_LISTED_MAX],
    }


def _two(before: Any, after: Any) -> dict[str, Any]:
    return {"before": before, "after": after}


def _workloads(before: Picture, after: Picture) -> list[dict[str, Any]]:
    found = []
    for name, (kind, wanted, ready) in _WORKLOADS.items():
        old, new = before.by_key(name), after.by_key(name)
        for key in sorted(old.keys() | new.keys()):
            was, now = _numbers(old.get(key), wanted, ready), _numbers(new.get(key), wanted, ready)
            if was != now or (key in old) != (key in new):
                found.append(
                    {
                        "kind": kind,
                        "namespace": key[0],
                        "name": key[1],
                        "wanted": _two(was[0], now[0]),
                        "ready": _two(was[1], now[1]),
                    }
                )
    return found


def _numbers(obj: Object | None, wanted: str, ready: str) -> tuple[int, int]:
    if obj is None:
        return 0, 0
    status = obj.get("status") or {}
    if not wanted:
        return status.get("desiredNumberScheduled", 0), status.get(ready, 0)
    return obj["spec"].get(wanted, 1), status.get(ready, 0)


def _services(before: Picture, after: Picture) -> list[dict[str, Any]]:
    old, new = before.endpoints(), after.endpoints()
    known = before.by_key("services").keys() | after.by_key("services").keys()
    found = []
    for key in sorted(known):
        was, now = old.get(key, 0), new.get(key, 0)
        if was == now:
            continue
        change = "gained" if now > was else "lost-all" if not now else "lost"
        found.append(
            {
                "namespace": key[0],
                "name": key[1],
                "endpoints": _two(was, now),
                "change": change,
            }
        )
    return found


def _quotas(before: Picture, after: Picture) -> list[dict[str, Any]]:
    old = before.by_key("resourcequotas")
    found = []
    for key, quota in sorted(after.by_key("resourcequotas").items()):
        was = ((old.get(key) or {}).get("status") or {}).get("used") or {}
        status = quota.get("status") or {}
        used = status.get("used") or {}
        for resource, hard in sorted((status.get("hard") or {}).items()):
            now = used.get(resource, "0")
            found.append(
                {
                    "namespace": key[0],
                    "name": key[1],
                    "resource": resource,
                    "hard": str(hard),
                    "used": _two(str(was.get(resource, "0")), str(now)),
                    "left": str(parse_quantity(hard) - parse_quantity(now)),
                }
            )
    return found


def _nodes(before: Picture, after: Picture) -> list[dict[str, Any]]:
    was, now = before.fill(), after.fill()
    empty = (0, 0, 0)
    found = []
    for (_, name), node in sorted(after.by_key("nodes").items()):
        allocatable = (node.get("status") or {}).get("allocatable") or {}
        old, new = was.get(name, empty), now.get(name, empty)
        limits = (
            int(allocatable.get("pods", 0)),
            cpu_milli(allocatable.get("cpu", "0")),
            bytes_of(allocatable.get("memory", "0")),
        )
        parts = zip(("pods", "cpu_milli", "memory_bytes"), limits, old, new, strict=True)
        found.append(
            {
                "name": name,
                **{
                    part: {"allocatable": limit, "before": one, "after": other}
                    for part, limit, one, other in parts
                },
            }
        )
    return found


def _warnings(before: Picture, after: Picture) -> list[dict[str, Any]]:
    """Warnings that came or came again, the most frequent first."""
    old = {key_of(event): event.get("count") or 1 for event in before.of("events")}
    found = []
    for key, event in sorted(after.by_key("events").items()):
        more = (event.get("count") or 1) - old.get(key, 0)
        if event.get("type") != "Warning" or more <= 0:
            continue
        about = event.get("involvedObject") or {}
        found.append(
            {
                "reason": event.get("reason", ""),
                "message": event.get("message", ""),
                "kind": about.get("kind", ""),
                "namespace": about.get("namespace", ""),
                "name": about.get("name", ""),
                "count": more,
            }
        )
    return sorted(found, key=lambda one: -one["count"])
