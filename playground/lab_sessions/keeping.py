"""Sessions and their clusters agree: looked after once, when the site begins.

Every cluster is written down by its host (`playground.hosting`) before anything it answers; here
only what has lost its other half is tidied up.
"""

from __future__ import annotations

import logging
import time

from asgiref.sync import sync_to_async
from django.conf import settings

from playground.hosting.selectors import site_host
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.lifetimes import session_end
from playground.lab_sessions.models import Session

logger = logging.getLogger(__name__)

#: A cluster is made before its session is written down: a younger one is left alone.
_YOUNG_SECONDS = 600.0


async def sessions_reconcile() -> None:
    """End sessions whose cluster is gone, forget clusters whose session has ended."""
    host = site_host()
    live = await _live_sessions()
    for session in live:
        if not host.has(session.id):
            logger.error("the cluster of session %s is gone", session.id)
            await session_end(session=session, because=EndReason.LOST)
    if not settings.PODYARD_KEEP_SESSIONS:
        return
    ids = {session.id for session in live}
    for cluster_id, began in host.known().items():
        if cluster_id not in ids and time.time() - began > _YOUNG_SECONDS:
            await host.close(cluster_id)


@sync_to_async
def _live_sessions() -> list[Session]:
    return list(Session.objects.exclude(state=State.ENDED))
