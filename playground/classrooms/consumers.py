"""The classrooms' WebSockets: the teacher's wall, and what a student's page is told."""

from __future__ import annotations

from typing import Any

import orjson

from playground.accounts.visitors import Visitor
from playground.classrooms.hub import News
from playground.classrooms.models import Classroom, Student
from playground.classrooms.seat_body import seat_body
from playground.classrooms.selectors import (
    broadcasts_for,
    hub,
    room_get,
    room_open,
    student_get,
    student_of,
)
from playground.classrooms.wall.selectors import walls
from playground.classrooms.wall.walls import Wall
from playground.gateway.door import header_values
from playground.hosting.selectors import site_host
from playground.lab_sessions.problems import Invalid, NotFound
from playground.live.line import CLOSE_ENDED, Line


class RoomLine(Line):
    """A WebSocket of a classroom's page; who may have it, subclasses say."""

    room: Classroom

    async def admit(self, visitor: Visitor | None, headers: dict[str, str]) -> None:
        """See enter."""
        if visitor is None:
            raise NotFound("there is no such classroom, or it is not yours")
        self.visitor = visitor
        await self.enter(self.scope["url_route"]["kwargs"]["room_id"])

    async def enter(self, room_id: str) -> None:
        """Find the room. Raises NotFound when it is not for this visitor."""

    async def handle(self, message: dict[str, Any]) -> None:
        """ping, and nothing else: acts are REST."""
        if message["type"] == "ping":
            self.mailbox.put('{"type":"pong"}')
        elif message["type"] != "resume":
            raise Invalid(f"type {message['type']!r}: give ping")

    async def write(self) -> None:
        """Send what waits, the whole first when it was asked for."""
        mailbox = self.mailbox
        while True:
            await mailbox.wait()
            if mailbox.needs_scene:
                mailbox.needs_scene = False
                for text in await self.whole():
                    await self.send(text)
            waiting = mailbox.take()
            if waiting is not None:
                await self.send(waiting)
            elif mailbox.is_closed:
                await self.close(CLOSE_ENDED)
                return

    async def whole(self) -> list[str]:
        """Everything, as frames."""
        return []


class WallConsumer(RoomLine):
    """`/ws/classrooms/<id>/wall/`: for the room's teacher."""

    wall: Wall | None = None

    async def enter(self, room_id: str) -> None:
        """Teachers only."""
        self.room = await room_open(room_id, self.visitor)

    async def entered(self) -> None:
        """Look at the wall."""
        base_url = header_values(self.scope).get("origin", "")
        self.wall = walls().enter(self.room.id, site_host(), base_url)
        await self.wall.join(self.mailbox)
        self.spawn(self.write())

    async def whole(self) -> list[str]:
        """See Wall.hello."""
        return [await self.wall.hello()] if self.wall is not None else []

    def left(self) -> None:
        """Look away."""
        if self.wall is not None:
            self.wall.leave(self.mailbox)
            walls().tidy(self.wall)


class SeatConsumer(RoomLine):
    """`/ws/classrooms/<id>/seat/`: for a student, in the lobby and beside the cluster."""

    student: Student | None = None

    async def enter(self, room_id: str) -> None:
        """Students of the room only."""
        self.room = await room_get(room_id)
        student = await student_of(self.room, self.visitor)
        if student is None:
            raise NotFound("you are not in this classroom")
        self.student = student

    async def entered(self) -> None:
        """Be here."""
        assert self.student is not None
        self._stop = hub().listen(self.room.id, self._hear)
        hub().came(self.room.id, self.student.id)
        self.mailbox.ask_scene()
        self.spawn(self.write())

    def _hear(self, news: News) -> None:
        if news.student_id and (self.student is None or news.student_id != self.student.id):
            return
        if news.say is not None:
            self.mailbox.put(orjson.dumps(news.say).decode())
        else:
            self.mailbox.ask_scene()

    async def whole(self) -> list[str]:
        """The student's own facts, and at first what the teacher said before."""
        assert self.student is not None
        try:
            room = await room_get(self.room.id)
            student = await student_get(room, self.student.id)
        except NotFound:
            self.mailbox.close()
            return [orjson.dumps({"type": "seat", "state": "removed"}).decode()]
        frame = await seat_body(room, student)
        frame["messages"] = await broadcasts_for(room, student)
        return [orjson.dumps({"type": "seat", **frame}).decode()]

    def left(self) -> None:
        """Be gone."""
        if self.student is not None and hasattr(self, "_stop"):
            self._stop()
            hub().went(self.room.id, self.student.id)
