"""A school with its teacher, on the site's host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from playground.hosting.local import LocalHost
from tests.playground.classrooms.school import TEACHER, School, grant_teaching


@pytest.fixture
async def school(host: LocalHost) -> AsyncIterator[School]:
    await grant_teaching(TEACHER)
    made = School()
    yield made
    for socket in made.sockets:
        # One that a test waited for in vain is cancelled already.
        with suppress(asyncio.CancelledError):
            await socket.disconnect()
