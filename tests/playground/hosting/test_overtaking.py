"""Snapshots that are overtaken, hosts that are, and what cannot be written."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from cluster_engine import ADMIN, Request
from playground.hosting import keeper as keeping
from playground.hosting.journal.database import DatabaseArchive
from playground.hosting.local import LocalHost
from playground.hosting.models import ClusterSnapshot, HostedCluster, JournalPiece
from tests.playground.hosting.test_keeping import CONFIGS, NEVER, PLAN, Site, ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    made = Site(tmp_path / "hosts")
    await (await made.begin()).create("one", PLAN)
    yield made
    await made.host.close_all()


async def _hibernate(host: LocalHost) -> None:
    await host.hibernate("one")


async def _renew(host: LocalHost) -> None:
    await host.renew("one", PLAN)


@pytest.mark.parametrize(
    ("overtake", "is_there"), [(_hibernate, 200), (_renew, 404)], ids=["sleep", "a new cluster"]
)
async def test_a_late_snapshot_undoes_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, overtake: Callable[..., Any], is_there: int
) -> None:
    packed, may_go_on, has_begun = keeping._packed, threading.Event(), threading.Event()

    def slow(*args: Any) -> Any:
        has_begun.set()
        may_go_on.wait(10)
        return packed(*args)

    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "early"}})
    house = site.host.house
    monkeypatch.setattr(keeping, "_packed", slow)
    late = asyncio.ensure_future(house.keeper.save(house.get("one")))
    await asyncio.to_thread(has_begun.wait, 10)
    monkeypatch.setattr(keeping, "_packed", packed)
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    await overtake(site.host)
    may_go_on.set()
    await late
    host = await site.kill()
    assert (await ask(host, "GET", f"{CONFIGS}/a"))[0] == is_there
    assert (await ask(host, "GET", f"{CONFIGS}/early"))[0] == is_there


async def test_a_cluster_that_cannot_be_packed_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> Any:
        raise RecursionError("too deep")

    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    monkeypatch.setattr(keeping, "_packed", broken)
    await site.host.hibernate("one")
    assert site.host.ids() == ["one"]
    monkeypatch.undo()
    await site.host.hibernate("one")
    assert (site.host.ids(), site.host.has("one")) == ([], True)
    assert (await ask(site.host, "GET", f"{CONFIGS}/a"))[0] == 200


async def test_a_host_whose_cluster_was_taken_and_saved_is_refused(site: Site) -> None:
    """The other one's snapshot has left no record whose number could be taken."""
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    assert site.archive._lock is not None
    site.archive._lock.close()
    other = LocalHost(archive=DatabaseArchive(site.folder), keeping=NEVER)
    await other.open()
    await other.call("one", Request("POST", CONFIGS, body=b'{"metadata":{"name":"b"}}', user=ADMIN))
    await other.house.keeper.save(other.house.get("one"), with_portable=True)
    assert await JournalPiece.objects.acount() == 0
    status, answer = await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "c"}})
    assert (status, "another process" in answer["message"]) == (503, True)
    await other.close_all()


async def test_no_record_is_left_of_a_cluster_that_is_gone(site: Site) -> None:
    await HostedCluster.objects.all().adelete()
    status, _ = await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})
    assert (status, await JournalPiece.objects.acount()) == (503, 0)


async def test_what_cannot_be_written_is_not_believed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "a"}})

    def broken(*args: Any) -> None:
        raise ValueError("nobody thought of that")

    monkeypatch.setattr(site.archive, "commit", broken)
    assert (await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "b"}}))[0] == 503
    monkeypatch.undo()
    assert (await ask(site.host, "GET", f"{CONFIGS}/b"))[0] == 404
    assert (await ask(site.host, "POST", CONFIGS, {"metadata": {"name": "c"}}))[0] == 201
    host = await site.kill()
    assert (await ask(host, "GET", f"{CONFIGS}/a"))[0] == 200
    assert (await ask(host, "GET", f"{CONFIGS}/c"))[0] == 200


async def test_time_stands_still_through_an_update(site: Site) -> None:
    await site.host.clock_set("one", speed=1, is_paused=False)
    await site.host.hibernate("one")
    before = (await site.host.clock("one")).now_ms
    await ClusterSnapshot.objects.aupdate(fingerprint="of another engine", written_at=0)
    host = await site.kill()
    assert (await host.clock("one")).now_ms - before < 60_000


async def test_time_goes_on_for_one_that_dozes_after_its_sleep(site: Site) -> None:
    await site.host.clock_set("one", speed=1, is_paused=False)
    await site.host.hibernate("one")
    await ask(site.host, "GET", CONFIGS)
    before = (await site.host.clock("one")).now_ms
    assert await site.host.house.doze("one")
    held = await ClusterSnapshot.objects.aget()
    await ClusterSnapshot.objects.aupdate(written_at=held.written_at - 100)
    await JournalPiece.objects.aupdate(written_at=held.written_at - 100)
    assert (await site.host.clock("one")).now_ms - before >= 5_000
