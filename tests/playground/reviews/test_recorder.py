"""What is read of a cluster while somebody asks for it."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from playground.reviews import recorder as module
from playground.reviews.intake import writes_take
from playground.reviews.selectors import submission_find
from tests.playground.reviews.people import WEB, Room, recorder

pytestmark = pytest.mark.django_db(transaction=True)


async def test_one_who_asks_while_a_write_is_being_stored_waits_for_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_begun, may_go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slowly(batches: Any) -> int:
        loop.call_soon_threadsafe(has_begun.set)
        assert may_go_on.wait(10)
        return writes_take(batches)

    recorder().start()
    try:
        await room.teacher.apply(room.id, "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
        await recorder().drain(room.id)
        monkeypatch.setattr(module, "writes_take", slowly)
        await room.student.apply(room.id, WEB)
        await asyncio.wait_for(has_begun.wait(), 10)
        asking = asyncio.create_task(recorder().drain(room.id))
        await asyncio.wait({asking}, timeout=0)
        assert not asking.done()
        may_go_on.set()
        await asking
        assert str(await submission_find(f"{room.id}-1")) == f"{room.id}-1"
    finally:
        may_go_on.set()
        await recorder().stop()
