"""The cluster as it was when the current step began, so that the step can be started over."""

from __future__ import annotations

import asyncio
import logging
import zlib

from django.conf import settings

from playground.hosting.host import HostError
from playground.hosting.selectors import site_host
from playground.lab_sessions.problems import Refused
from playground.lessons.models import Checkpoint
from playground.lessons.runs import Run

logger = logging.getLogger(__name__)

_LEVEL = 1


async def checkpoint_write(run: Run) -> None:
    """Keep the cluster as it is now; one that is too large or away is not kept."""
    if not run.record.current:
        await Checkpoint.objects.filter(run=run.record).adelete()
        return
    try:
        snapshot = await site_host().snapshot(run.session_id)
    except HostError:
        return
    data = await asyncio.to_thread(zlib.compress, snapshot, _LEVEL)
    if len(data) > settings.PODYARD_LESSON_CHECKPOINT_BYTES_MAX:
        await Checkpoint.objects.filter(run=run.record).adelete()
        return
    await Checkpoint.objects.aupdate_or_create(
        run=run.record, defaults={"step": run.record.current, "data": data}
    )


async def checkpoint_return(run: Run) -> None:
    """Put the cluster back. Raises Refused when there is nothing to go back to."""
    found = await Checkpoint.objects.filter(run=run.record, step=run.record.current).afirst()
    if found is None:
        raise Refused("this step cannot be started over; start the lesson over")
    snapshot = await asyncio.to_thread(zlib.decompress, bytes(found.data))
    try:
        await site_host().rewind(run.session_id, snapshot)
    except HostError:
        raise
    except Exception:
        # A snapshot of another version of the engine may fail in any way.
        logger.exception("a checkpoint cannot be read")
        raise Refused("this step began before an update; start the lesson over") from None
