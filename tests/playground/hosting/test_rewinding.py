"""A cluster is put back to an earlier state: those who look on see it, streams end."""

from __future__ import annotations

import json

import pytest

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.hosting.host import ClusterPlan, UnknownCluster
from playground.hosting.local import LocalHost

PATH = "/api/v1/namespaces/default/configmaps"


async def make(host: LocalHost, name: str) -> None:
    body = json.dumps({"metadata": {"name": name}}).encode()
    headers = {"content-type": "application/json"}
    request = Request("POST", PATH, headers=headers, body=body, user=ADMIN)
    assert (await host.call("a", request)).status == 201


async def names(host: LocalHost) -> list[str]:
    answer = await host.call("a", Request("GET", PATH, user=ADMIN))
    found = [item["metadata"]["name"] for item in json.loads(answer.body)["items"]]
    return [name for name in found if name != "kube-root-ca.crt"]


async def test_it_is_as_it_was() -> None:
    host = LocalHost()
    await host.create("a", ClusterPlan(nodes=1, speed=0))
    await make(host, "one")
    before = await host.clock("a")
    snapshot = await host.snapshot("a")
    await make(host, "two")
    await host.clock_advance("a", 60_000)
    view = await host.view("a")
    view.frames_now()
    watch = await host.call("a", Request("GET", PATH, "watch=true", user=ADMIN))
    assert watch.stream is not None
    await host.rewind("a", snapshot)
    assert await names(host) == ["one"]
    assert await host.clock("a") == before
    frames = [await view.frame(), await view.frame()]
    assert [frame and frame["type"] for frame in frames] == ["clock", "scene"]
    while await watch.stream.read():
        pass
    await make(host, "three")
    assert await names(host) == ["one", "three"]
    await host.close_all()


async def test_an_unknown_cluster_cannot_be() -> None:
    host = LocalHost()
    with pytest.raises(UnknownCluster):
        await host.rewind("a", b"")
