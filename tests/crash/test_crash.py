"""A server killed at random moments under load loses nothing that it has acknowledged. The long
form is `make crash KILLS=200`; docs/durability.md has its result."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.crash.run import crash
from tests.crash.site import Server

KILLS, SESSIONS, ACTIVE = 4, 8, 4


async def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    seed = int(time.time())
    random.seed(seed)
    server = Server(tmp_path)
    try:
        result = await crash(server, kills=KILLS, sessions=SESSIONS, active=ACTIVE)
    finally:
        server.stop()
    assert (result.lost, result.unreadable) == ([], []), f"seed {seed}"
    assert result.kills == KILLS
    assert result.acknowledged > KILLS * ACTIVE
    assert " ERROR " not in server.log.read_text(), server.log.read_text()[-2_000:]
