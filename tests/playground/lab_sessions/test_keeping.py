"""Sessions outlive the process: what was written down comes back, what is gone leaves nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.accounts.visitors import new_visitor
from playground.hosting.local import LocalHost
from playground.lab_sessions.keeping import (
    Keeper,
    session_forget,
    sessions_bring_back,
    sessions_save,
)
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Session
from playground.lab_sessions.plans import Wishes
from playground.lab_sessions.services import session_start

pytestmark = pytest.mark.django_db(transaction=True)

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.PODYARD_VAR_DIR = tmp_path
    settings.PODYARD_KEEP_SESSIONS = True
    settings.PODYARD_SAVE_SECONDS = 0.01
    return tmp_path / "sessions"


async def start(speed: float = 7) -> Session:
    wishes = Wishes(name="lab", nodes=1, minutes=60, speed=speed, seed=1)
    return await session_start(wishes=wishes, visitor=new_visitor(), address="127.0.0.1")


async def create(host: LocalHost, session: Session, name: str) -> None:
    body = b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"}}' % name.encode()
    headers = {"content-type": "application/json"}
    request = Request("POST", CONFIG_MAPS, "", headers, body, ADMIN)
    assert (await host.call(session.id, request)).status == 201


async def restart(old: LocalHost) -> LocalHost:
    """Another process: nothing but the database and the files."""
    await old.close_all()
    fresh = LocalHost()
    apps.get_app_config("hosting").host = fresh
    return fresh


async def test_a_saved_session_comes_back_as_it_was(host: LocalHost, folder: Path) -> None:
    session = await start(speed=7)
    await create(host, session, "mark")
    await host.clock_set(session.id, is_paused=True)
    before = await host.clock(session.id)
    assert await sessions_save(session_ids=[session.id]) == 1
    fresh = await restart(host)
    assert await sessions_bring_back() == 1
    assert await fresh.clock(session.id) == before
    answer = await fresh.call(session.id, Request("GET", f"{CONFIG_MAPS}/mark", user=ADMIN))
    assert answer.status == 200
    await fresh.close_all()


async def test_a_change_is_written_down_soon_without_being_asked(
    host: LocalHost, folder: Path
) -> None:
    session = await start()
    keeper = Keeper()
    keeper.start()
    await create(host, session, "mark")
    for _ in range(100):
        await asyncio.sleep(0.01)
        if (folder / session.id).exists():
            break
    await asyncio.sleep(0.05)
    fresh = await restart(host)
    await sessions_bring_back()
    answer = await fresh.call(session.id, Request("GET", f"{CONFIG_MAPS}/mark", user=ADMIN))
    assert answer.status == 200
    await keeper.stop()
    await fresh.close_all()


async def test_nothing_is_written_while_nothing_changes(host: LocalHost, folder: Path) -> None:
    session = await start()
    await asyncio.sleep(0.02)
    host.take_changed()
    await host.call(session.id, Request("GET", CONFIG_MAPS, user=ADMIN))
    await asyncio.sleep(0.02)
    assert host.take_changed() == []


@pytest.mark.parametrize("damage", [None, b"noise", b'{"speed":1,"paused":false}\nnoise'])
async def test_what_cannot_come_back_is_gone(
    host: LocalHost, folder: Path, damage: bytes | None
) -> None:
    session = await start()
    if damage is not None:
        folder.mkdir(parents=True)
        (folder / session.id).write_bytes(damage)
    fresh = await restart(host)
    assert await sessions_bring_back() == 0
    await session.arefresh_from_db()
    assert session.state == State.ENDED
    assert not (folder / session.id).exists()
    await fresh.close_all()


async def test_a_session_that_is_gone_leaves_no_file(host: LocalHost, folder: Path) -> None:
    session = await start()
    await sessions_save(session_ids=[session.id])
    assert (folder / session.id).exists()
    await session_forget(session_id=session.id)
    assert not (folder / session.id).exists()
