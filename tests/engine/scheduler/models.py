"""Slow and plain models of spreading and pod affinity, node by node and pod by pod.

Written from the documented rules, without the tables and arrays of the scheduler.
"""

from __future__ import annotations

import math
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import from_label_selector

HOSTNAME = "kubernetes.io/hostname"


class World:
    """Nodes by name with their labels and taints, and the pods on them."""

    def __init__(self, nodes: list[Object], pods: list[Object]) -> None:
        self.nodes = {node["metadata"]["name"]: node for node in nodes}
        self.pods = [pod for pod in pods if pod["spec"].get("nodeName") in self.nodes]

    def labels(self, name: str) -> dict[str, str]:
        found: dict[str, str] = self.nodes[name]["metadata"]["labels"]
        return found

    def on(self, name: str) -> list[Object]:
        return [pod for pod in self.pods if pod["spec"]["nodeName"] == name]


def _tolerated(world: World, name: str, pod: Object) -> bool:
    tolerations = pod["spec"].get("tolerations") or []
    for taint in world.nodes[name]["spec"].get("taints") or []:
        if taint["effect"] == "PreferNoSchedule":
            continue
        if not any(
            t["value"] == taint["value"] and t["effect"] in ("", taint["effect"])
            for t in tolerations
        ):
            return False
    return True


def _selected(world: World, name: str, pod: Object) -> bool:
    wanted = pod["spec"].get("nodeSelector") or {}
    return all(world.labels(name).get(key) == value for key, value in wanted.items())


def _included(world: World, name: str, pod: Object, constraint: Object) -> bool:
    if constraint.get("nodeAffinityPolicy", "Honor") == "Honor" and not _selected(world, name, pod):
        return False
    if constraint.get("nodeTaintsPolicy", "Ignore") == "Honor":
        return _tolerated(world, name, pod)
    return True


def _spread_match(pod: Object, constraint: Object, other: Object) -> bool:
    labels = other["metadata"]["labels"]
    if "deletionTimestamp" in other["metadata"]:
        return False
    if not from_label_selector(constraint["labelSelector"]).matches(labels):
        return False
    own = pod["metadata"]["labels"]
    return all(labels.get(key) == own[key] for key in constraint.get("matchLabelKeys") or ())


def _matching_on(world: World, name: str, pod: Object, constraint: Object) -> int:
    namespace = pod["metadata"]["namespace"]
    return sum(
        1
        for other in world.on(name)
        if other["metadata"]["namespace"] == namespace and _spread_match(pod, constraint, other)
    )


def _constraints(pod: Object, action: str) -> list[Object]:
    every = pod["spec"].get("topologySpreadConstraints") or []
    return [constraint for constraint in every if constraint["whenUnsatisfiable"] == action]


def spread_allows(world: World, pod: Object, name: str) -> bool:
    """Whether the hard spread constraints of the pod let it onto that node."""
    constraints = _constraints(pod, "DoNotSchedule")
    keys = [constraint["topologyKey"] for constraint in constraints]
    for constraint in constraints:
        key = constraint["topologyKey"]
        if key not in world.labels(name):
            return False
        domains: dict[str, int] = {}
        for other in world.nodes:
            labels = world.labels(other)
            if all(k in labels for k in keys) and _included(world, other, pod, constraint):
                matching = _matching_on(world, other, pod, constraint)
                domains[labels[key]] = domains.get(labels[key], 0) + matching
        least = min(domains.values(), default=0)
        if len(domains) < constraint.get("minDomains", 1):
            least = 0
        own = 1 if _spread_match(pod, constraint, pod) else 0
        here = domains.get(world.labels(name)[key], 0)
        if here + own - least > constraint["maxSkew"]:
            return False
    return True


def spread_scores(world: World, pod: Object, feasible: list[str]) -> dict[str, int] | None:
    """The normalized scores of the soft spread constraints; None when there are none."""
    constraints = _constraints(pod, "ScheduleAnyway")
    if not constraints:
        return None
    keys = [constraint["topologyKey"] for constraint in constraints]
    ignored = {n for n in feasible if any(key not in world.labels(n) for key in keys)}
    raw = {
        name: 0 if name in ignored else _spread_score(world, pod, constraints, name, feasible)
        for name in feasible
    }
    counted = [raw[name] for name in feasible if name not in ignored]
    highest, lowest = max(counted, default=0), min(counted, default=0)
    return {
        name: 0
        if name in ignored
        else (100 if not highest else 100 * (highest + lowest - raw[name]) // highest)
        for name in feasible
    }


def _spread_score(
    world: World, pod: Object, constraints: list[Object], name: str, feasible: list[str]
) -> int:
    keys = [constraint["topologyKey"] for constraint in constraints]
    complete = [n for n in feasible if all(key in world.labels(n) for key in keys)]
    score = 0.0
    for constraint in constraints:
        key = constraint["topologyKey"]
        value = world.labels(name)[key]
        if key == HOSTNAME:
            count = _matching_on(world, name, pod, constraint)
            size = len(complete)
        else:
            count = sum(
                _matching_on(world, other, pod, constraint)
                for other in world.nodes
                if all(k in world.labels(other) for k in keys)
                and world.labels(other)[key] == value
                and _included(world, other, pod, constraint)
            )
            size = len({world.labels(n)[key] for n in complete})
        score += count * math.log(size + 2) + (constraint["maxSkew"] - 1)
    return math.floor(score + 0.5)


def _terms(pod: Object, kind: str, degree: str) -> list[Any]:
    affinity = (pod["spec"].get("affinity") or {}).get(kind) or {}
    found: list[Any] = affinity.get(f"{degree}DuringSchedulingIgnoredDuringExecution") or []
    return found


def _speaks_of(owner: Object, term: Object, other: Object) -> bool:
    namespace = other["metadata"]["namespace"]
    names = term.get("namespaces") or []
    if not names and "namespaceSelector" not in term:
        names = [owner["metadata"]["namespace"]]
    if "namespaceSelector" not in term and namespace not in names:
        return False
    return from_label_selector(term["labelSelector"]).matches(other["metadata"]["labels"])


def _is_near(world: World, term: Object, name: str, other: Object) -> bool:
    key = term["topologyKey"]
    value = world.labels(name).get(key)
    return value is not None and world.labels(other["spec"]["nodeName"]).get(key) == value


def affinity_allows(world: World, pod: Object, name: str) -> bool:
    """Whether required affinity and anti-affinity, of the pod and of others, allow that node."""
    near = _terms(pod, "podAffinity", "required")
    if near:
        if any(term["topologyKey"] not in world.labels(name) for term in near):
            return False
        matching = [p for p in world.pods if all(_speaks_of(pod, t, p) for t in near)]
        reachable = [
            p
            for p in matching
            if any(t["topologyKey"] in world.labels(p["spec"]["nodeName"]) for t in near)
        ]
        is_near = all(any(_is_near(world, t, name, p) for p in matching) for t in near)
        is_first = not reachable and all(_speaks_of(pod, term, pod) for term in near)
        if not is_near and not is_first:
            return False
    for term in _terms(pod, "podAntiAffinity", "required"):
        for other in world.pods:
            if _speaks_of(pod, term, other) and _is_near(world, term, name, other):
                return False
    for other in world.pods:
        for term in _terms(other, "podAntiAffinity", "required"):
            if _speaks_of(other, term, pod) and _is_near(world, term, name, other):
                return False
    return True


def affinity_scores(world: World, pod: Object, feasible: list[str]) -> dict[str, int] | None:
    """The normalized scores of preferred terms; None when no term speaks of any pod."""
    weights: list[tuple[int, Object, Object]] = []
    for other in world.pods:
        for kind, sign in (("podAffinity", 1), ("podAntiAffinity", -1)):
            for entry in _terms(pod, kind, "preferred"):
                if _speaks_of(pod, entry["podAffinityTerm"], other):
                    weights.append((sign * entry["weight"], entry["podAffinityTerm"], other))
            for entry in _terms(other, kind, "preferred"):
                if _speaks_of(other, entry["podAffinityTerm"], pod):
                    weights.append((sign * entry["weight"], entry["podAffinityTerm"], other))
        for term in _terms(other, "podAffinity", "required"):
            if _speaks_of(other, term, pod):
                weights.append((1, term, other))
    reachable = [
        w for w in weights if w[1]["topologyKey"] in world.labels(w[2]["spec"]["nodeName"])
    ]
    if not reachable:
        return None
    raw = {
        name: sum(w for w, term, other in reachable if _is_near(world, term, name, other))
        for name in feasible
    }
    lowest, highest = min(raw.values()), max(raw.values())
    if lowest == highest:
        return dict.fromkeys(feasible, 0)
    return {n: int(100.0 * ((raw[n] - lowest) / (highest - lowest))) for n in feasible}
