"""A cluster that hibernates leaves memory and comes back as it was with the next call."""

from __future__ import annotations

import asyncio
import time

import pytest

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.hosting.host import ClusterPlan, HostFull, UnknownCluster
from playground.hosting.local import LocalHost

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"


async def asleep(host: LocalHost, **plan: object) -> None:
    """A cluster `lab` with a config map in it, asleep."""
    await host.create("lab", ClusterPlan(nodes=2, **plan))  # type: ignore[arg-type]
    body = b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"mark"}}'
    headers = {"content-type": "application/json"}
    made = await host.call("lab", Request("POST", CONFIG_MAPS, "", headers, body, ADMIN))
    assert made.status == 201
    await host.hibernate("lab")


async def test_the_next_call_brings_it_back(host: LocalHost) -> None:
    await asleep(host)
    assert (host.ids(), host.has("lab")) == ([], True)
    answer = await host.call("lab", Request("GET", f"{CONFIG_MAPS}/mark", user=ADMIN))
    assert (answer.status, host.ids()) == (200, ["lab"])


async def test_its_time_stands_still(host: LocalHost) -> None:
    await asleep(host, speed=1000)
    before = await host.clock("lab")
    await asyncio.sleep(0.05)
    assert await host.clock("lab") == before
    await host.call("lab", Request("GET", CONFIG_MAPS, user=ADMIN))
    after = await host.clock("lab")
    assert (after.speed, after.is_paused) == (1000, False)
    assert after.now_ms - before.now_ms < 40_000


async def test_a_paused_cluster_comes_back_paused(host: LocalHost) -> None:
    await host.create("lab", ClusterPlan(nodes=1))
    await host.clock_set("lab", is_paused=True)
    await host.hibernate("lab")
    await host.view("lab")
    assert (await host.clock("lab")).is_paused


async def test_it_takes_no_place_and_is_let_in_again(host: LocalHost) -> None:
    object.__setattr__(host.limits, "clusters_max", 1)
    await asleep(host)
    await host.create("other", ClusterPlan(nodes=1))
    with pytest.raises(HostFull):
        await host.create("third", ClusterPlan(nodes=1))
    await host.view("lab")
    assert sorted(host.ids()) == ["lab", "other"]


async def test_streams_and_views_end(host: LocalHost) -> None:
    await host.create("lab", ClusterPlan(nodes=1))
    view = await host.view("lab")
    view.frames_now()
    watch = await host.call("lab", Request("GET", CONFIG_MAPS, "watch=1", user=ADMIN))
    assert watch.stream is not None
    await host.hibernate("lab")
    assert await view.frame() is None
    assert await asyncio.wait_for(watch.stream.read(), 1) == []


async def test_closing_forgets_it(host: LocalHost) -> None:
    await asleep(host)
    await host.close("lab")
    assert not host.has("lab")
    with pytest.raises(UnknownCluster):
        await host.clock("lab")


async def test_it_wakes_quickly(host: LocalHost) -> None:
    await asleep(host)
    start = time.perf_counter()
    await host.call("lab", Request("GET", CONFIG_MAPS, user=ADMIN))
    assert time.perf_counter() - start < 0.5
