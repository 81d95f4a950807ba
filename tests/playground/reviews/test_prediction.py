"""The prediction of a review equals what then happens: random submissions to random clusters.

The forecast is taken from a copy; then the very same submission is approved, the cluster's time is
moved on by as much, and everything that the forecast tells is told again from what is there.
"""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from cluster_engine.apiserver.requests import ADMIN, Caller, Request, User
from playground.hosting.host import ClusterPlan
from playground.hosting.local import LocalHost
from playground.hosting.rehearsal import Rehearsal, RehearsalPlan, Trial
from playground.reviews.forecast.comparing import compare
from playground.reviews.forecast.picture import PATHS, picture_of

_JSON = {"content-type": "application/json"}
_START_MS = 1_700_000_000_000
_SPAN_MS = 300_000
_SUBMITTER = Caller("k", "Kim", "review")
_USER = User("kim", ("system:masters", "system:authenticated"))
_NAMES = ("web", "api", "db")
_IMAGES = ("busybox", "nginx", "redis", "nginx:nonsense", "registry.invalid/none")


def _request(method: str, path: str, body: Any = None, patch: bool = False) -> Request:
    headers = {"content-type": "application/strategic-merge-patch+json"} if patch else _JSON
    data = orjson.dumps(body) if body is not None else b""
    return Request(method, path, "", headers, data, _USER, "r", _SUBMITTER)


def _template(chance: random.Random, name: str) -> dict[str, Any]:
    container: dict[str, Any] = {"name": "c", "image": chance.choice(_IMAGES)}
    if container["image"] == "busybox":
        container["command"] = ["sh", "-c", chance.choice(("sleep 5; exit 1", "sleep 9999", "no"))]
    if chance.random() < 0.7:
        requests = {"cpu": chance.choice(("100m", "1", "3", "9"))}
        requests["memory"] = chance.choice(("64Mi", "2Gi", "12Gi"))
        container["resources"] = {"requests": requests}
    spec: dict[str, Any] = {"containers": [container]}
    if chance.random() < 0.2:
        spec["nodeSelector"] = {"disk": "fast"}
    if chance.random() < 0.3:
        spec["priorityClassName"] = chance.choice(("high", "low"))
    return {"metadata": {"labels": {"app": name}}, "spec": spec}


def _workload(chance: random.Random, name: str) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": chance.randint(0, 6),
            "selector": {"matchLabels": {"app": name}},
            "template": _template(chance, name),
        },
    }


def _service(name: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": {"app": name}, "ports": [{"port": 80}]},
    }


def _class(name: str, value: int) -> dict[str, Any]:
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name},
        "value": value,
    }


_DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
_SERVICES = "/api/v1/namespaces/default/services"
_CLASSES = "/apis/scheduling.k8s.io/v1/priorityclasses"


async def _cluster(host: LocalHost, chance: random.Random) -> None:
    """A cluster with something in it, at rest or in the middle of something."""
    plan = ClusterPlan(
        nodes=chance.randint(1, 4), seed=chance.randint(1, 1000), start_ms=_START_MS, speed=1
    )
    await host.create("a", plan)
    await host.clock_set("a", is_paused=True)
    posts = [
        (_CLASSES, _class("high", 1000)),
        (_CLASSES, _class("low", 1)),
        ("/api/v1/namespaces/default/resourcequotas", _quota(chance)),
    ]
    for name in _NAMES[: chance.randint(0, 3)]:
        posts += [(_DEPLOYMENTS, _workload(chance, name)), (_SERVICES, _service(name))]
    for path, body in posts:
        await host.call("a", Request("POST", path, "", _JSON, orjson.dumps(body), ADMIN))
        await host.clock_advance("a", chance.choice((0, 10, 5_000)))
    await host.clock_advance("a", chance.choice((0, 1_500, 60_000, 600_000)))


def _quota(chance: random.Random) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "all"},
        "spec": {"hard": {"pods": str(chance.randint(5, 20)), "services": "5"}},
    }


async def _submission(host: LocalHost, chance: random.Random) -> tuple[Trial, ...]:
    """One to four writes of all sorts."""
    return tuple([await _trial(host, chance) for _ in range(chance.randint(1, 4))])


async def _trial(host: LocalHost, chance: random.Random) -> Trial:
    name = chance.choice(_NAMES)
    path = f"{_DEPLOYMENTS}/{name}"
    sort = chance.randrange(9)
    if sort <= 2:
        return Trial(_request("POST", _DEPLOYMENTS, _workload(chance, name)), path)
    if sort == 3:
        template = {"spec": {"template": _template(chance, name)}}
        return Trial(_request("PATCH", path, template, patch=True), path)
    if sort == 4:
        return Trial(_request("DELETE", path), path)
    if sort == 5:
        scale = {"spec": {"replicas": chance.randint(0, 8)}}
        return Trial(_request("PATCH", f"{path}/scale", scale, patch=True), path)
    if sort == 6:
        return Trial(_request("POST", _SERVICES, _service(name)), f"{_SERVICES}/{name}")
    if sort == 7:
        return await _pod_trial(host, chance)
    node = f"/api/v1/nodes/node-{chance.randint(1, 4)}"
    taint = {"key": "a", "value": "b", "effect": chance.choice(("NoSchedule", "NoExecute"))}
    return Trial(_request("PATCH", node, {"spec": {"taints": [taint]}}, patch=True), node)


async def _pod_trial(host: LocalHost, chance: random.Random) -> Trial:
    """Delete or evict a pod that is there."""
    listed = await host.call("a", Request("GET", "/api/v1/namespaces/default/pods", user=ADMIN))
    names = [pod["metadata"]["name"] for pod in orjson.loads(listed.body)["items"]] or ["none"]
    path = f"/api/v1/namespaces/default/pods/{chance.choice(names)}"
    if chance.random() < 0.5:
        return Trial(_request("DELETE", path), path)
    name = path.rpartition("/")[2]
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
    return Trial(_request("POST", f"{path}/eviction", body), path)


async def _reads(host: LocalHost) -> dict[str, bytes]:
    found = {}
    for path in PATHS.values():
        request = Request("GET", path, headers={"accept": "application/json"}, user=ADMIN)
        found[path] = (await host.call("a", request)).body
    return found


async def _approve(host: LocalHost, trials: tuple[Trial, ...], told: Rehearsal) -> list[int]:
    answers = await host.call_all("a", [trial.request for trial in trials])
    await host.clock_advance("a", told.span_ms)
    return [answer.status for answer in answers]


@pytest.mark.parametrize("seed", range(40))
async def test_the_prediction_equals_what_then_happens(seed: int) -> None:
    chance = random.Random(seed)
    host = LocalHost()
    await _cluster(host, chance)
    trials = await _submission(host, chance)
    plan = RehearsalPlan(trials, tuple(PATHS.values()), _SPAN_MS, has_scene=True)
    told = await host.rehearse("a", plan)
    before = await _reads(host)
    assert before == told.before, "nothing has happened yet"
    statuses = await _approve(host, trials, told)
    after = await _reads(host)
    assert statuses == [answer.status for answer in told.answers]
    predicted = compare(picture_of(told.before), picture_of(told.after))
    assert compare(picture_of(before), picture_of(after)) == predicted
    assert after == told.after, "not only what is told: every object is the same"
    view = await host.view("a")
    scene = view.frames_now()[0]
    assert _comparable(scene) == _comparable(told.scene or {})
    await host.close_all()


def _comparable(scene: dict[str, Any]) -> dict[str, Any]:
    return {key: scene[key] for key in ("nodes", "pods", "services", "workloads")}
