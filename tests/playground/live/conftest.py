"""The session that most tests of this folder look at."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from playground.hosting.local import LocalHost
from playground.lab_sessions.plans import Wishes
from playground.lab_sessions.services import session_start
from tests.playground.live.sockets import OWNER, Lab


@pytest.fixture
async def lab(host: LocalHost) -> AsyncIterator[Lab]:
    wishes = Wishes(name="lab", nodes=2, minutes=60, speed=1, seed=1)
    session = await session_start(wishes=wishes, visitor=OWNER, address="127.0.0.1")
    await host.clock_set(session.id, is_paused=True)
    made = Lab(host, session)
    yield made
    for socket in made.sockets:
        await socket.disconnect()
