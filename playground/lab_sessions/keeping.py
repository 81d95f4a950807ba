"""Sessions outlive a restart: written down some seconds after each change and when the server
stops, brought back when it starts. A server that is killed loses the last seconds.

A snapshot is this program's own file, in a folder that only it writes; never one from outside.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from playground.hosting.host import UnknownCluster, parse_speed, speed_word
from playground.hosting.selectors import site_host
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.lifetimes import session_end
from playground.lab_sessions.models import Session

logger = logging.getLogger(__name__)


class Keeper:
    """Writes sessions down some seconds after they changed. Nothing changes: nothing happens."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, if sessions are to be kept."""
        if settings.PODYARD_KEEP_SESSIONS and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="keeper")

    async def stop(self) -> None:
        """End the task, then write everything down."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await sessions_save(session_ids=[one.id for one in await _live_sessions()])

    async def _run(self) -> None:
        while True:
            await site_host().wait_changed()
            await asyncio.sleep(settings.PODYARD_SAVE_SECONDS)
            await sessions_save(session_ids=site_host().take_changed())


async def sessions_save(*, session_ids: list[str]) -> int:
    """Write those sessions down; how many there were."""
    if not settings.PODYARD_KEEP_SESSIONS:
        return 0
    await asyncio.to_thread(_folder().mkdir, parents=True, exist_ok=True)
    count = 0
    for session_id in session_ids:
        try:
            await _save(session_id)
            count += 1
        except UnknownCluster:
            continue
        except Exception:
            logger.exception("session %s could not be saved", session_id)
        await asyncio.sleep(0)
    return count


async def _save(session_id: str) -> None:
    host = site_host()
    clock = await host.clock(session_id)
    snapshot = await host.snapshot(session_id)
    head = orjson.dumps({"speed": speed_word(clock.speed), "paused": clock.is_paused})
    await asyncio.to_thread(_write, _folder() / session_id, head + b"\n" + snapshot)
    if not host.has(session_id):
        await session_forget(session_id=session_id)


async def session_forget(*, session_id: str) -> None:
    """The session is gone: what was written of it goes too."""
    await asyncio.to_thread((_folder() / session_id).unlink, missing_ok=True)


async def sessions_bring_back() -> int:
    """Bring back what was saved; sessions that cannot be are gone. How many came back."""
    count = 0
    for session in await _live_sessions():
        if site_host().has(session.id):
            continue
        if await _bring_back(session):
            count += 1
        else:
            await session_end(session=session, because=EndReason.LOST)
            await session_forget(session_id=session.id)
    return count


async def _bring_back(session: Session) -> bool:
    path = _folder() / session.id
    if not settings.PODYARD_KEEP_SESSIONS or session.gone_at <= timezone.now():
        return False
    try:
        head, _, snapshot = (await asyncio.to_thread(path.read_bytes)).partition(b"\n")
        clock = orjson.loads(head)
        await site_host().restore(session.id, snapshot, parse_speed(clock["speed"]))
        if clock["paused"]:
            await site_host().clock_set(session.id, is_paused=True)
        if session.state == State.HIBERNATED:
            await site_host().hibernate(session.id)
    except FileNotFoundError:
        return False
    except Exception:
        logger.exception("session %s could not be brought back", session.id)
        return False
    return True


def _folder() -> Path:
    return Path(settings.PODYARD_VAR_DIR) / "sessions"


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_bytes(data)
    temporary.replace(path)


@sync_to_async
def _live_sessions() -> list[Session]:
    return list(Session.objects.exclude(state=State.ENDED))
