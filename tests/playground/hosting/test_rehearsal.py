"""Trying requests on a copy: the original is left alone, and what was told then happens."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import orjson
import pytest

from cluster_engine.apiserver.requests import ADMIN, Caller, Request
from playground.hosting.host import ClusterPlan, HostFull
from playground.hosting.local import LocalHost
from playground.hosting.quotas import HostLimits
from playground.hosting.rehearsal import RehearsalPlan, Trial

_PODS = "/api/v1/pods"
_DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
_HEADERS = {"content-type": "application/json"}
ADMIN_AT_DESK = Caller("d", "Dee", "review")


def _deployment(replicas: int) -> Trial:
    container = {"name": "c", "image": "busybox", "command": ["sleep", "1000"]}
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [container]},
            },
        },
    }
    request = Request("POST", _DEPLOYMENTS, "", _HEADERS, orjson.dumps(body), ADMIN)
    return Trial(request, f"{_DEPLOYMENTS}/web")


async def _host(limits: HostLimits | None = None) -> LocalHost:
    host = LocalHost(limits=limits)
    await host.create("a", ClusterPlan(nodes=2, start_ms=1_700_000_000_000))
    await host.clock_advance("a", 60_000)
    await host.clock_set("a", is_paused=True)
    return host


async def _read(host: LocalHost, path: str) -> bytes:
    return (await host.call("a", Request("GET", path, user=ADMIN))).body


def _count(listed: bytes) -> int:
    return len(orjson.loads(listed)["items"])


async def test_what_then_happens_is_what_was_foretold() -> None:
    host = await _host()
    trial = _deployment(3)
    plan = RehearsalPlan((trial,), (_PODS, "/api/v1/events"), 120_000, has_scene=True)
    told = await host.rehearse("a", plan)
    assert await _read(host, f"{_DEPLOYMENTS}/web") != told.answers[0].body
    assert _count(await _read(host, _PODS)) == 0, "the original is left alone"
    assert [answer.status for answer in told.answers] == [201] and told.lives == (b"",)
    assert _count(told.before[_PODS]) == 0 and _count(told.after[_PODS]) == 3
    assert told.scene is not None and len(told.scene["pods"]) == 3
    [answer] = await host.call_all("a", [trial.request])
    assert answer.status == 201
    await host.clock_advance("a", told.span_ms)
    for path in plan.reads:
        assert await _read(host, path) == told.after[path]
    await host.close_all()


async def test_it_ends_when_nothing_happens_any_more() -> None:
    host = await _host()
    told = await host.rehearse("a", RehearsalPlan((_deployment(1),), span_ms=3_600_000))
    assert told.is_quiet and not told.is_cut and told.span_ms < 600_000
    await host.close_all()


async def test_it_ends_after_the_span() -> None:
    host = await _host()
    told = await host.rehearse("a", RehearsalPlan((_deployment(1),), span_ms=100))
    assert told.span_ms == 100 and not told.is_quiet
    await host.close_all()


async def test_too_much_work_is_cut_short() -> None:
    host = await _host(HostLimits(rehearsal_work_seconds_max=0))
    told = await host.rehearse("a", RehearsalPlan((_deployment(1),), span_ms=60_000))
    assert told.is_cut and not told.is_quiet
    await host.close_all()


async def test_the_object_before_each_request_is_told() -> None:
    host = await _host()
    scale = orjson.dumps({"spec": {"replicas": 2}})
    merge = {"content-type": "application/merge-patch+json"}
    path = f"{_DEPLOYMENTS}/web"
    then = Trial(Request("PATCH", path, "", merge, scale, ADMIN), path)
    told = await host.rehearse("a", RehearsalPlan((_deployment(1), then)))
    assert told.lives[0] == b""
    assert orjson.loads(told.lives[1])["spec"]["replicas"] == 1
    assert orjson.loads(told.answers[1].body)["spec"]["replicas"] == 2
    await host.close_all()


async def test_too_many_at_once_are_refused() -> None:
    host = await _host(HostLimits(rehearsals_max=1, rehearsals_waiting_max=1))
    plan = RehearsalPlan((_deployment(1),), span_ms=60_000)
    told = await asyncio.gather(
        *(host.rehearse("a", plan) for _ in range(3)), return_exceptions=True
    )
    assert [isinstance(one, HostFull) for one in told] == [False, False, True]
    await host.close_all()


@pytest.mark.parametrize("after", [0, 1, 2])
async def test_what_people_wrote_is_read_after_a_number(after: int) -> None:
    host = await _host()
    request = replace(_deployment(0).request, caller=ADMIN_AT_DESK)
    await host.call_all("a", [request, request])
    writes = await host.person_writes("a", after)
    assert [write.code for write in writes] == [201, 409][after:]
    await host.close_all()


_REVIEW = "/podyard/v1/review"


async def _switch(host: LocalHost) -> None:
    wish = {"on": True, "reviewers": ["b"], "address": "/review/a-"}
    answer = await host.call("a", Request("PUT", _REVIEW, body=orjson.dumps(wish), user=ADMIN))
    assert answer.status == 200
    held = replace(_deployment(0).request, caller=Caller("k", "Kim", "kubectl"))
    assert (await host.call("a", held)).status == 403


async def _review(host: LocalHost, cluster_id: str) -> dict[str, Any]:
    answer = await host.call(cluster_id, Request("GET", _REVIEW, user=ADMIN))
    return dict(orjson.loads(answer.body))


@pytest.mark.parametrize("how", ["renewed", "rewound"])
async def test_a_cluster_in_anothers_place_goes_on_with_its_review(how: str) -> None:
    host = await _host()
    snapshot = await host.snapshot("a")
    await _switch(host)
    before = await _review(host, "a")
    assert (before["on"], before["writes"], before["submissions"]) == (True, 1, 1)
    if how == "renewed":
        await host.renew("a", ClusterPlan(nodes=1))
    else:
        await host.rewind("a", snapshot)
    assert await _review(host, "a") == before
    await host.close_all()


async def test_a_copy_has_no_review_and_no_record() -> None:
    host = await _host()
    await _switch(host)
    await host.fork("a", "b")
    assert (await _review(host, "b"))["on"] is False
    assert await host.person_writes("b", 0) == []
    assert len(await host.person_writes("a", 0)) == 1
    await host.close_all()
