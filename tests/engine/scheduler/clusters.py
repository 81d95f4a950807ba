"""Random small clusters for tests against models: same seed, same cluster."""

from __future__ import annotations

from random import Random
from typing import Any

from cluster_engine.apimachinery.objects import Object

ZONES = ("a", "b", "c")
APPS = ("web", "db", "job")


def random_node(random: Random, number: int) -> Object:
    """A node that may lack a zone, be small, cordoned or tainted."""
    name = f"n{number}"
    labels = {"kubernetes.io/hostname": name, "disk": random.choice(("ssd", "hdd"))}
    if random.random() < 0.85:
        labels["topology.kubernetes.io/zone"] = random.choice(ZONES)
    taints = []
    for effect in ("NoSchedule", "PreferNoSchedule"):
        if random.random() < 0.2:
            taints.append({"key": "dedicated", "value": random.choice("xy"), "effect": effect})
    amounts = {
        "cpu": random.choice(("1", "2500m", "8")),
        "memory": random.choice(("2Gi", "7Gi", "32Gi")),
        "pods": random.choice(("3", "110")),
        "ephemeral-storage": "50Gi",
    }
    if random.random() < 0.3:
        amounts["example.com/gpu"] = "2"
    if random.random() < 0.05:
        del amounts["cpu"]
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {"taints": taints, "unschedulable": random.random() < 0.1},
        "status": {"allocatable": amounts},
    }


def random_pod(random: Random, number: int) -> Object:
    """A pod that may ask for resources, nodes, neighbours, spreading and ports."""
    app = random.choice(APPS)
    spec: Object = {"containers": [_container(random)], "tolerations": _tolerations(random)}
    if random.random() < 0.25:
        spec["initContainers"] = [_container(random)]
        if random.random() < 0.5:
            spec["initContainers"][0]["restartPolicy"] = "Always"
    if random.random() < 0.2:
        spec["nodeSelector"] = {"disk": "ssd"}
    affinity = _affinity(random)
    if affinity:
        spec["affinity"] = affinity
    if random.random() < 0.4:
        spec["topologySpreadConstraints"] = [
            _constraint(random) for _ in range(random.choice((1, 1, 2)))
        ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"p{number}",
            "namespace": random.choice(("default", "default", "other")),
            "labels": {"app": app, "version": random.choice("12")},
        },
        "spec": {**spec, "priority": random.choice((0, 0, 100))},
    }


def _container(random: Random) -> Object:
    requests: dict[str, str] = {}
    if random.random() < 0.8:
        requests["cpu"] = random.choice(("100m", "333m", "1"))
    if random.random() < 0.8:
        requests["memory"] = random.choice(("64Mi", "500M", "1Gi"))
    if random.random() < 0.1:
        requests["example.com/gpu"] = "1"
    container: Object = {"name": "c", "image": "nginx", "resources": {"requests": requests}}
    if random.random() < 0.1:
        container["ports"] = [{"containerPort": 80, "hostPort": 8080}]
    return container


def _tolerations(random: Random) -> list[Any]:
    if random.random() < 0.7:
        return []
    effect = random.choice(("NoSchedule", "PreferNoSchedule", ""))
    return [{"key": "dedicated", "operator": "Equal", "value": "x", "effect": effect}]


def _term(random: Random) -> Object:
    term: Object = {
        "topologyKey": random.choice(("kubernetes.io/hostname", "topology.kubernetes.io/zone")),
        "labelSelector": {"matchLabels": {"app": random.choice(APPS)}},
    }
    if random.random() < 0.2:
        term["namespaceSelector"] = {}
    elif random.random() < 0.2:
        term["namespaces"] = ["default", "other"]
    return term


def _affinity(random: Random) -> Object:
    found: Object = {}
    for kind, chance in (("podAffinity", 0.2), ("podAntiAffinity", 0.25)):
        terms: Object = {}
        if random.random() < chance:
            terms["requiredDuringSchedulingIgnoredDuringExecution"] = [_term(random)]
        if random.random() < chance:
            weight = random.choice((1, 50, 100))
            terms["preferredDuringSchedulingIgnoredDuringExecution"] = [
                {"weight": weight, "podAffinityTerm": _term(random)}
            ]
        if terms:
            found[kind] = terms
    if random.random() < 0.2:
        preference = {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}
        found["nodeAffinity"] = {
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {"weight": 10, "preference": preference}
            ]
        }
    return found


def _constraint(random: Random) -> Object:
    constraint: Object = {
        "maxSkew": random.choice((1, 2)),
        "topologyKey": random.choice(("kubernetes.io/hostname", "topology.kubernetes.io/zone")),
        "whenUnsatisfiable": random.choice(("DoNotSchedule", "ScheduleAnyway")),
        "labelSelector": {"matchLabels": {"app": random.choice(APPS)}},
    }
    if random.random() < 0.2:
        constraint["matchLabelKeys"] = ["version"]
    if random.random() < 0.2:
        constraint["nodeTaintsPolicy"] = "Honor"
    if random.random() < 0.2:
        constraint["nodeAffinityPolicy"] = "Ignore"
    if random.random() < 0.2 and constraint["whenUnsatisfiable"] == "DoNotSchedule":
        constraint["minDomains"] = 2
    return constraint
