"""Who listens to the host hears of every cluster that does something, and of no other."""

from __future__ import annotations

import asyncio

from cluster_engine.apiserver.requests import Request
from playground.hosting.host import ClusterPlan
from playground.hosting.local import LocalHost
from tests.playground.fakes import FakeEngine


async def test_work_and_writes_are_told() -> None:
    engines = [FakeEngine(), FakeEngine()]
    host = LocalHost(build=lambda plan: engines.pop(0))
    heard: list[str] = []
    host.listen(heard.append)
    await host.create("a", ClusterPlan())
    await host.create("b", ClusterPlan())
    await host.call("a", Request("GET", "/api/v1/pods"))
    assert heard == []
    await host.call("a", Request("POST", "/api/v1/pods"))
    assert heard == ["a"]
    await host.close_all()


async def test_what_comes_due_is_told() -> None:
    engine = FakeEngine()
    engine.at(engine.now_ms, lambda: None)
    host, heard = LocalHost(build=lambda plan: engine), asyncio.Event()
    host.listen(lambda cluster_id: heard.set())
    await host.create("a", ClusterPlan())
    await asyncio.wait_for(heard.wait(), 1)
    await host.close_all()
