"""A school with its teacher, on the site's host."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from playground.hosting.local import LocalHost
from tests.playground.classrooms.school import TEACHER, School, grant_teaching


@pytest.fixture
async def school(host: LocalHost) -> AsyncIterator[School]:
    await grant_teaching(TEACHER)
    made = School()
    yield made
    for socket in made.sockets:
        await socket.disconnect()
