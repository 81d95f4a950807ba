"""What was answered survives: a host dies without a word, and the next one has everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from cluster_engine import ADMIN, Frame, Request
from playground.hosting.host import ClusterPlan, Conversation, HostError, UnknownCluster
from playground.hosting.journal import waking
from playground.hosting.journal.archive import ArchiveError, Piece, Saved
from playground.hosting.journal.database import DatabaseArchive
from playground.hosting.keeper import KeepLimits
from playground.hosting.local import LocalHost
from playground.hosting.models import ClusterSnapshot, HostedCluster, JournalPiece
from tests.builders import deployment

pytestmark = pytest.mark.django_db(transaction=True)

CONFIGS = "/api/v1/namespaces/default/configmaps"
PODS = "/api/v1/namespaces/default/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
JSON = {"content-type": "application/json"}
#: Nothing is saved or leaves memory by itself.
NEVER = KeepLimits(snapshot_work_seconds=1e9, snapshot_bytes=1 << 40, doze_seconds=0)
PLAN = ClusterPlan(profile="instant", speed=0, seed=7)


class Mortal(DatabaseArchive):
    """An archive whose host can die: nothing more is written, its lock goes."""

    is_dead = False
    commits_failing = 0

    def commit(self, pieces: Sequence[Piece], saved: Sequence[Saved]) -> None:
        if self.commits_failing or self.is_dead:
            self.commits_failing = max(0, self.commits_failing - 1)
            raise ArchiveError("the disk is full")
        super().commit(pieces, saved)

    def die(self) -> None:
        self.is_dead = True
        assert self._lock is not None
        self._lock.close()


class Site:
    """Hosts over one database, one after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host = self._made()

    def _made(self, keeping: KeepLimits = NEVER) -> LocalHost:
        self.archive = Mortal(self.folder)
        return LocalHost(archive=self.archive, keeping=keeping)

    async def begin(self) -> LocalHost:
        await self.host.open()
        return self.host

    async def kill(self, keeping: KeepLimits = NEVER) -> LocalHost:
        """The host dies; a new one begins."""
        self.archive.die()
        keeper = self.host.house.keeper
        assert keeper._task is not None
        keeper._task.cancel()
        await self.host.pump.stop()
        self.host = self._made(keeping)
        return await self.begin()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    made = Site(tmp_path / "hosts")
    await made.begin()
    await made.host.create("one", PLAN)
    yield made
    await made.host.close_all()


async def ask(host: LocalHost, method: str, path: str, body: Any = None) -> Any:
    data = b"" if body is None else orjson.dumps(body)
    answer = await host.call("one", Request(method, path, headers=JSON, body=data, user=ADMIN))
    return answer.status, orjson.loads(answer.body or b"null")


async def objects(host: LocalHost) -> dict[str, bytes]:
    paths = (CONFIGS, PODS, DEPLOYMENTS, "/api/v1/nodes", "/api/v1/events")
    return {path: (await host.call("one", Request("GET", path, user=ADMIN))).body for path in paths}


async def console(host: LocalHost, label: str = "t") -> Conversation:
    answer = await host.call("one", Request("POST", "/podyard/v1/console", user=ADMIN))
    assert answer.stream is not None
    answer.stream.keep(label)
    return answer.stream


async def said(stream: Conversation, text: bytes) -> bytes:
    """What a terminal shows until it has shown that."""
    shown = b""
    while text not in shown:
        shown += b"".join(frame.data for frame in await asyncio.wait_for(stream.read(), 5))
    return shown


async def test_every_answered_write_survives(site: Site) -> None:
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    await ask(site.host, "POST", DEPLOYMENTS, deployment("web", 3).build())
    await site.host.clock_advance("one", 60_000)
    await ask(site.host, "DELETE", f"{CONFIGS}/a")
    before = await objects(site.host)
    host = await site.kill()
    assert host.ids() == []
    assert await objects(host) == before


async def test_a_snapshot_and_what_came_after_it(site: Site) -> None:
    await ask(site.host, "POST", DEPLOYMENTS, deployment("web", 2).build())
    await site.host.clock_advance("one", 60_000)
    keeper = site.host.house.keeper
    await keeper.save(site.host.house.get("one"))
    assert await JournalPiece.objects.acount() == 0
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    before = await objects(site.host)
    assert await objects(await site.kill()) == before


async def test_how_the_clock_runs_survives(site: Site) -> None:
    await site.host.clock_set("one", speed=10, is_paused=True)
    await site.host.clock_advance("one", 5_000)
    before = await site.host.clock("one")
    assert await (await site.kill()).clock("one") == before


async def test_a_terminal_goes_on_where_it_was(site: Site) -> None:
    stream = await console(site.host)
    stream.write(Frame(0, b"X=42; echo hello > f\r"))
    await site.host.clock_advance("one", 1_000)
    before = await said(stream, b"hello > f\r\n")
    host = await site.kill()
    found = (await host.kept("one"))["t"]
    assert b"".join(frame.data for frame in found.shown()).startswith(before)
    found.write(Frame(0, b"cat f; echo $((X + 1))\r"))
    await host.clock_advance("one", 1_000)
    assert b"hello\r\n43\r\n" in await said(found, b"43\r\n")


async def test_a_command_of_kubectl_ends_with_its_connection(site: Site) -> None:
    await ask(site.host, "POST", DEPLOYMENTS, deployment("web").build())
    await site.host.clock_advance("one", 60_000)
    _, pods = await ask(site.host, "GET", PODS)
    pod = pods["items"][0]["metadata"]["name"]
    query = "command=sh&stdin=true&stdout=true"
    request = Request("GET", f"{PODS}/{pod}/exec", query, user=ADMIN)
    stream = (await site.host.call("one", request)).stream
    assert stream is not None
    stream.write(Frame(0, b"echo there > /tmp/f; cat /tmp/f\n"))
    await site.host.clock_advance("one", 1_000)
    assert await said(stream, b"there\n")
    host = await site.kill()
    await host.clock("one")
    assert host.house.get("one").ledger.deck.streams == {}
    # And again, with the end of it in the journal.
    await ask(host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    before = await objects(host)
    assert await objects(await site.kill()) == before


async def test_an_answer_waits_until_it_is_safe(site: Site) -> None:
    site.archive.commits_failing = 1 << 30
    writing = asyncio.create_task(ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}}))
    reading = asyncio.create_task(ask(site.host, "GET", CONFIGS))
    done, _ = await asyncio.wait([writing, reading], timeout=0.3)
    assert not done
    site.archive.commits_failing = 0
    assert (await asyncio.wait_for(writing, 5))[0] == 201
    assert (await asyncio.wait_for(reading, 5))[0] == 200


async def test_a_cluster_leaves_memory_and_comes_back(site: Site) -> None:
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    await site.host.clock_set("one", is_paused=False)
    before = await objects(site.host)
    left: list[str] = []
    site.host.listen_asleep(left.append)
    await site.host.hibernate("one")
    assert (site.host.ids(), site.host.has("one"), left) == ([], True, ["one"])
    assert await objects(site.host) == before
    assert site.host.numbers()["podyard_clusters_woken_total"] == 1


async def test_a_kept_terminal_hibernates_with_its_cluster(site: Site) -> None:
    stream = await console(site.host)
    stream.write(Frame(0, b"echo hi\r"))
    await site.host.clock_advance("one", 1_000)
    await said(stream, b"hi\r\n")
    await site.host.hibernate("one")
    assert await stream.read() == []
    assert stream.is_left
    shown = (await site.host.kept("one"))["t"].shown()
    assert b"hi\r\n" in b"".join(frame.data for frame in shown)


@pytest.mark.parametrize("use", ["a viewer", "a watch", "a terminal that is looked at"])
async def test_a_cluster_in_use_stays(site: Site, use: str) -> None:
    if use == "a viewer":
        held: Any = await site.host.view("one")
    elif use == "a watch":
        request = Request("GET", CONFIGS, "watch=1", user=ADMIN)
        held = (await site.host.call("one", request)).stream
    else:
        held = await console(site.host)
        held.is_looked_at = True
    assert not await site.host.house.doze("one")
    held.close()
    assert await site.host.house.doze("one")


async def test_a_cluster_in_which_nothing_is_due_dozes(site: Site) -> None:
    before = await objects(site.host)
    dozing = KeepLimits(doze_seconds=0.05)
    host = await site.kill(dozing)
    await objects(host)
    for _ in range(100):
        if not host.ids():
            break
        await asyncio.sleep(0.1)
    assert (host.ids(), host.has("one")) == ([], True)
    assert await objects(host) == before


async def test_a_copy_is_written_down_and_has_no_terminals(site: Site) -> None:
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    await console(site.host)
    await site.host.fork("one", "two")
    before = await objects(site.host)
    host = await site.kill()
    assert await host.kept("two") == {}
    answer = await host.call("two", Request("GET", CONFIGS, user=ADMIN))
    assert answer.body == before[CONFIGS]


async def test_a_new_cluster_in_the_place_of_an_old_one_survives(site: Site) -> None:
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "old"}})
    await site.host.renew("one", PLAN)
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "new"}})
    host = await site.kill()
    assert (await ask(host, "GET", f"{CONFIGS}/old"))[0] == 404
    assert (await ask(host, "GET", f"{CONFIGS}/new"))[0] == 200


@pytest.mark.parametrize("has_snapshot", [True, False], ids=["with a snapshot", "without one"])
async def test_another_engine_takes_over(
    site: Site, monkeypatch: pytest.MonkeyPatch, has_snapshot: bool
) -> None:
    await ask(site.host, "POST", DEPLOYMENTS, deployment("web", 2).build())
    await site.host.clock_advance("one", 60_000)
    keeper = site.host.house.keeper
    if has_snapshot:
        await keeper.save(site.host.house.get("one"))
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    _, held = await ask(site.host, "GET", f"{DEPLOYMENTS}/web")
    held["spec"]["replicas"] = 3
    assert (await ask(site.host, "PUT", f"{DEPLOYMENTS}/web", held))[0] == 200
    await ClusterSnapshot.objects.aupdate(fingerprint="of another engine")
    if not has_snapshot:
        monkeypatch.setattr(waking.Waking, "_continue", _broken)
    host = await site.kill()
    assert (await ask(host, "GET", f"{CONFIGS}/a"))[0] == 200
    await host.clock_advance("one", 60_000)
    _, pods = await ask(host, "GET", PODS)
    assert [pod["status"]["phase"] for pod in pods["items"]] == ["Running"] * 3
    monkeypatch.undo()
    before = await objects(host)
    assert await objects(await site.kill()) == before


async def _broken(*args: Any) -> Any:
    raise ValueError("this is of another engine")


async def test_two_living_hosts_never_share_a_cluster(site: Site, tmp_path: Path) -> None:
    other = LocalHost(archive=DatabaseArchive(site.folder), keeping=NEVER)
    await other.open()
    with pytest.raises(HostError, match="another process"):
        await other.clock("one")
    assert (await site.host.clock("one")).is_paused
    await other.close_all()


async def test_a_host_that_was_taken_for_dead_writes_nothing_more(site: Site) -> None:
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    assert site.archive._lock is not None
    site.archive._lock.close()
    other = LocalHost(archive=DatabaseArchive(site.folder), keeping=NEVER)
    await other.open()
    await other.call("one", Request("POST", CONFIGS, body=b'{"metadata":{"name":"b"}}', user=ADMIN))
    status, answer = await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "c"}})
    assert (status, "another process" in answer["message"]) == (503, True)
    names = (await other.call("one", Request("GET", CONFIGS, user=ADMIN))).body
    assert b'"name":"b"' in names and b'"name":"c"' not in names
    await other.close_all()


async def test_a_removed_cluster_leaves_nothing(site: Site) -> None:
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    await site.host.close("one")
    with pytest.raises(UnknownCluster):
        await site.host.clock("one")
    for model in (HostedCluster, ClusterSnapshot, JournalPiece):
        assert await model.objects.acount() == 0
