"""What a page has applied frame by frame equals what a page that comes now is told.

The frames are kept in tests/fixtures/presence, where the page's reducer is checked with them too
(static/app/state/people.test.ts). `PODYARD_REFRESH_FIXTURES=1` writes them anew.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings

from playground.accounts.visitors import Visitor
from playground.lab_sessions.roles import Role
from playground.live.mailbox import Mailbox
from playground.live.presence import Member, Presence

FOLDER = Path(settings.ROOT) / "tests" / "fixtures" / "presence"
ADA, BEN = Visitor("ada", "Ada", "teal"), Visitor("ben", "Ben", "red")
SECRET = "kind: Secret\ndata:\n  key: aHVudGVy\n"


class Story:
    """A room as Ben's page sees it."""

    def __init__(self) -> None:
        self.room = Presence()
        self.ada = Member(ADA, Role.OWNER, Mailbox(100))
        self.ben = Member(BEN, Role.VIEWER, Mailbox(100))
        self.frames: list[dict[str, Any]] = []

    async def after(self) -> None:
        """Until what happened is said."""
        for _ in range(3):
            await asyncio.sleep(0)
        while (text := self.ben.mailbox.take()) is not None:
            self.frames.append(orjson.loads(text))

    async def meet(self) -> None:
        for member in (self.ben, self.ada):
            self.room.enter(member)
            await self.after()


async def moving(story: Story) -> None:
    await story.meet()
    story.room.move(story.ada, "pod/default/redis", {"dock": "events", "filter": {"text": "r"}})
    await story.after()
    story.room.move(story.ada, None, {"file": "redis.yaml", "line": 4, "typing": True})
    await story.after()
    story.ada.role = Role.TEACHER
    story.room.people_changed()
    await story.after()


async def following(story: Story) -> None:
    await story.meet()
    story.room.follow(story.ben, "ada")
    await story.after()
    story.room.mirror(story.ada, {"file": "s.yaml", "text": SECRET, "anchor": 0, "head": 3})
    await story.after()
    story.room.mirror(story.ada, {"anchor": 5, "head": 5, "top": 1})
    await story.after()


async def leaving(story: Story) -> None:
    await story.meet()
    story.room.follow(story.ben, "ada")
    await story.after()
    story.room.leave(story.ada)
    await story.after()


def applied(frames: list[dict[str, Any]]) -> tuple[list[Any], dict[str, Any]]:
    """People and mirror, frame by frame, as the page's reducer does it."""
    people: list[dict[str, Any]] = []
    mirror: dict[str, Any] = {}
    for frame in frames:
        if frame["type"] == "presence":
            people = frame["people"]
        elif frame["type"] == "places":
            for one in people:
                if one["id"] in frame["places"]:
                    one.pop("focus", None)
                    one.pop("place", None)
                    one.update(frame["places"][one["id"]])
        elif frame["type"] == "mirror":
            mirror |= {name: value for name, value in frame.items() if name != "type"}
    return people, mirror


@pytest.mark.parametrize("story", [moving, following, leaving], ids=lambda one: one.__name__)
async def test_frames_applied_equal_what_is_told_anew(story: Any, settings: Any) -> None:
    settings.PODYARD_PRESENCE_MS = 0
    told = Story()
    await story(told)
    anew = [orjson.loads(text) for text in told.room.texts_for(told.ben)]
    case = {"frames": told.frames, "anew": anew}
    path = FOLDER / f"{story.__name__}.json"
    if os.environ.get("PODYARD_REFRESH_FIXTURES"):
        path.write_bytes(orjson.dumps(case, option=orjson.OPT_INDENT_2) + b"\n")
    assert orjson.loads(path.read_bytes()) == case
    assert applied(told.frames)[0] == applied(anew)[0]
    if told.ben.following:
        assert applied(told.frames)[1] == applied(anew)[1]
    for member in list(told.room.members):
        told.room.leave(member)
