"""Sessions outlive a restart: written down when the server stops, brought back when it starts.

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
from playground.lab_sessions.models import Session, State
from playground.lab_sessions.services import session_end

logger = logging.getLogger(__name__)


async def sessions_save() -> int:
    """Write down every live session; how many there were."""
    if not settings.PODYARD_KEEP_SESSIONS:
        return 0
    folder = _folder()
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    count = 0
    for session in await _live_sessions():
        try:
            clock = await site_host().clock(session.id)
            snapshot = await site_host().snapshot(session.id)
        except UnknownCluster:
            continue
        except Exception:
            logger.exception("session %s could not be saved", session.id)
            continue
        head = orjson.dumps({"speed": speed_word(clock.speed), "paused": clock.is_paused})
        await asyncio.to_thread(_write, folder / session.id, head + b"\n" + snapshot)
        count += 1
    return count


async def sessions_bring_back() -> int:
    """Bring back what was saved; sessions that cannot be are gone. How many came back."""
    count = 0
    for session in await _live_sessions():
        if site_host().has(session.id):
            continue
        if await _bring_back(session):
            count += 1
        else:
            await session_end(session=session)
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
    except FileNotFoundError:
        return False
    except Exception:
        logger.exception("session %s could not be brought back", session.id)
        return False
    await asyncio.to_thread(path.unlink, missing_ok=True)
    return True


def _folder() -> Path:
    return Path(settings.PODYARD_VAR_DIR) / "sessions"


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_bytes(data)
    temporary.replace(path)


@sync_to_async
def _live_sessions() -> list[Session]:
    return list(Session.objects.exclude(state=State.GONE))
