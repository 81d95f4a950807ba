"""What the desk tells of a submission's effect, and that it then happens."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.reviews.forecast.comparing import compare
from playground.reviews.forecast.picture import PATHS, picture_of
from tests.playground.reviews.people import WEB, Room

pytestmark = pytest.mark.django_db(transaction=True)
_DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/web"
_SERVICE = """\
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
"""
_QUOTA = """\
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: all
spec:
  hard:
    pods: '10'
    requests.cpu: '2'
"""


async def _bodies(room: Room) -> dict[str, bytes]:
    found = {}
    for path in PATHS.values():
        request = Request("GET", path, headers={"accept": "application/json"}, user=ADMIN)
        found[path] = (await room.host.call(room.id, request)).body
    return found


async def _effect(room: Room, submission: str, query: str = "") -> dict[str, Any]:
    return await room.teacher.get(f"reviews/{submission}/effect?{query}")


async def test_what_is_told_is_what_happens(room: Room) -> None:
    await room.teacher.apply(room.id, WEB + _SERVICE + _QUOTA)
    await room.host.clock_advance(room.id, 60_000)
    submission = await room.submit(WEB.replace("replicas: 2", "replicas: 5"))
    told = await _effect(room, submission)
    before = await _bodies(room)
    await room.decide(room.teacher, submission, "approve")
    await room.host.clock_advance(room.id, round(told["seconds"] * 1000))
    happened = compare(picture_of(before), picture_of(await _bodies(room)))
    assert {part: told[part] for part in happened} == happened
    assert len(happened["pods"]["created"]) == 3


async def test_a_new_deployment_creates_pods_that_cost(room: Room) -> None:
    submission = await room.submit(WEB + _SERVICE)
    told = await _effect(room, submission)
    assert [one["outcome"] for one in told["applied"]] == ["created", "created"]
    assert [pod["owner"].partition("/")[0] for pod in told["pods"]["created"]] == ["ReplicaSet"] * 2
    assert told["cost"] == {
        "cpu_milli": {"before": 0, "after": 200},
        "memory_bytes": {"before": 0, "after": 2 * 64 * 1024**2},
    }
    assert told["services"] == [
        {
            "namespace": "default",
            "name": "web",
            "endpoints": {"before": 0, "after": 2},
            "change": "gained",
        }
    ]
    assert told["workloads"][0]["ready"] == {"before": 0, "after": 2}
    assert sum(node["pods"]["after"] for node in told["nodes"]) == 2
    assert told["is_quiet"] and not told["is_cut"]
    assert len(told["scene"]["pods"]) == 2
    assert await room.read(_DEPLOYMENT) is None, "nothing has happened"


async def test_what_does_not_fit_is_told_with_the_reason(room: Room) -> None:
    submission = await room.submit(WEB.replace("cpu: 100m", "cpu: '99'"))
    told = await _effect(room, submission)
    pending = told["pods"]["pending"]
    assert len(pending) == 2 and "Insufficient cpu" in pending[0]["message"]
    assert told["warnings"][0]["reason"] == "FailedScheduling"


async def test_what_never_starts_is_told_as_failed(room: Room) -> None:
    submission = await room.submit(WEB.replace("image: busybox", "image: nginx:nonsense"))
    told = await _effect(room, submission)
    reasons = {pod["reason"] for pod in told["pods"]["failed"]}
    assert reasons <= {"ErrImagePull", "ImagePullBackOff"} and reasons


async def test_the_quota_that_is_left_is_told(room: Room) -> None:
    await room.teacher.apply(room.id, _QUOTA)
    await room.host.clock_advance(room.id, 60_000)
    told = await _effect(room, await room.submit())
    quota = {one["resource"]: one for one in told["quotas"]}
    assert quota["pods"]["used"] == {"before": "0", "after": "2"} and quota["pods"]["left"] == "8"
    assert quota["requests.cpu"]["left"] == "1800m"


async def test_a_service_that_loses_all_its_endpoints_is_told(room: Room) -> None:
    await room.teacher.apply(room.id, WEB + _SERVICE)
    await room.host.clock_advance(room.id, 60_000)
    await room.kubectl(room.student, "DELETE", _DEPLOYMENT, command="kubectl delete")
    [row] = await room.submissions(room.teacher)
    told = await _effect(room, row["id"])
    assert told["applied"][0]["outcome"] == "deleted"
    assert told["applied"][0]["diff"].startswith("--- live/Deployment/web")
    assert [(one["name"], one["change"]) for one in told["services"]] == [("web", "lost-all")]
    assert len(told["pods"]["deleted"]) == 2 and told["cost"]["cpu_milli"]["after"] == 0


async def test_pods_that_have_to_go_elsewhere_are_told_as_moved(room: Room) -> None:
    await room.teacher.apply(room.id, WEB.replace("replicas: 2", "replicas: 4"))
    await room.host.clock_advance(room.id, 60_000)
    taint = {"spec": {"taints": [{"key": "a", "effect": "NoExecute"}]}}
    merge = "application/merge-patch+json"
    await room.kubectl(
        room.student, "PATCH", "/api/v1/nodes/node-1", taint, content_type=merge, command="x"
    )
    [row] = await room.submissions(room.teacher)
    told = await _effect(room, row["id"])
    moved = told["pods"]["moved"]
    assert moved and {(one["from"], one["node"]) for one in moved} == {("node-1", "node-2")}


async def test_an_evicted_pod_is_told(room: Room) -> None:
    await room.teacher.apply(room.id, WEB)
    await room.host.clock_advance(room.id, 60_000)
    pods = await room.read("/api/v1/namespaces/default/pods")
    assert pods is not None
    name = pods["items"][0]["metadata"]["name"]
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
    path = f"/api/v1/namespaces/default/pods/{name}/eviction"
    await room.kubectl(room.student, "POST", path, body, command="kubectl drain")
    [row] = await room.submissions(room.teacher)
    told = await _effect(room, row["id"])
    assert [one["name"] for one in told["pods"]["evicted"]] == [name]


async def test_the_difference_is_as_apply_would_compute_it(room: Room) -> None:
    await room.teacher.apply(room.id, WEB)
    submission = await room.submit(WEB.replace("replicas: 2", "replicas: 3"))
    told = await _effect(room, submission, "seconds=0")
    assert "-  replicas: 2\n+  replicas: 3" in told["applied"][0]["diff"]
    assert told["seconds"] == 0


@pytest.mark.parametrize("query", ["seconds=999999", "seconds=-1", "version=7", "seconds=x"])
async def test_a_senseless_question_is_refused(room: Room, query: str) -> None:
    submission = await room.submit()
    await room.teacher.get(f"reviews/{submission}/effect?{query}", 422)
