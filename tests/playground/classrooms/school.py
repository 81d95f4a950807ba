"""A school for tests: a teacher, students, and what they do through the site's own doors."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from typing import Any

from channels.testing import WebsocketCommunicator
from django.core import signing
from django.test import AsyncClient
from django.utils import timezone

from playground.accounts.models import Grant
from playground.accounts.rights import Right
from playground.accounts.visitors import COOKIE, Visitor
from playground.classrooms.caretaker import Caretaker
from playground.serving.application import make_application

TEACHER = Visitor("teacher-1", "Ms Ray", "teal")
OTHER_TEACHER = Visitor("teacher-2", "Mr Oak", "red")
STRANGER = Visitor("stranger", "sly fox", "gray")


def cookie_of(visitor: Visitor) -> str:
    return signing.dumps(visitor.body(), salt="podyard.visitor")


class Person:
    """Somebody with a browser."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.client = AsyncClient()
        self.client.cookies[COOKIE] = cookie_of(visitor)

    async def get(self, path: str) -> Any:
        return await self.client.get(path)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        return await self.client.post(path, json.dumps(body), content_type="application/json")

    async def delete(self, path: str) -> Any:
        return await self.client.delete(path)


@dataclass
class School:
    """One classroom and everybody in it."""

    teacher: Person = field(default_factory=lambda: Person(TEACHER))
    caretaker: Caretaker = field(default_factory=Caretaker)
    sockets: list[WebsocketCommunicator] = field(default_factory=list)
    room: dict[str, Any] = field(default_factory=dict)

    async def open(self, **wishes: Any) -> dict[str, Any]:
        """A classroom with warm seats."""
        body = {"title": "Rollouts", "seats": 3, "nodes": 1, "minutes": 30, **wishes}
        answer = await self.teacher.post("/api/v1/classrooms", body)
        assert answer.status_code == 201, answer.content
        self.room = answer.json()
        return self.room

    async def warm(self) -> int:
        """Make all seats ready; how many were made."""
        count = 0
        while await self.caretaker.warm_one():
            count += 1
        return count

    async def join(self, name: str, *, visitor: Visitor | None = None) -> Person:
        """A student comes in."""
        person = Person(visitor or Visitor(f"visitor-{name}", name, "blue"))
        body = {"code": self.room["code"], "name": name}
        answer = await person.post("/api/v1/classrooms/join", body)
        assert answer.status_code == 201, answer.content
        return person

    async def seat(self, person: Person) -> dict[str, Any]:
        """What a student knows."""
        answer = await person.get(f"/api/v1/classrooms/{self.room['id']}/seat")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    async def act(self, action: str, *, by: Person | None = None, **more: Any) -> Any:
        """The teacher does something."""
        path = f"/api/v1/classrooms/{self.room['id']}/actions"
        return await (by or self.teacher).post(path, {"action": action, **more})

    async def done(self, action: str, **more: Any) -> dict[str, Any]:
        """The teacher does something, and it works."""
        answer = await self.act(action, **more)
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        assert not found["failed"], found
        return found

    async def socket(self, path: str, visitor: Visitor) -> WebsocketCommunicator:
        """A WebSocket of somebody's page."""
        headers = [
            (b"host", b"testserver"),
            (b"origin", b"http://testserver"),
            (b"cookie", f"{COOKIE}={cookie_of(visitor)}".encode()),
        ]
        made = WebsocketCommunicator(make_application(), path, headers=headers)
        is_open, _ = await made.connect(5)
        assert is_open
        self.sockets.append(made)
        return made

    async def wall(self, visitor: Visitor = TEACHER) -> WebsocketCommunicator:
        """The teacher's wall."""
        return await self.socket(f"/ws/classrooms/{self.room['id']}/wall/", visitor)

    async def strip(self, person: Person) -> WebsocketCommunicator:
        """What a student's page listens to."""
        return await self.socket(f"/ws/classrooms/{self.room['id']}/seat/", person.visitor)


async def grant_teaching(visitor: Visitor) -> None:
    """As if a teacher's link had been redeemed."""
    expires_at = timezone.now() + datetime.timedelta(hours=1)
    await Grant.objects.acreate(visitor=visitor.id, right=Right.TEACH.value, expires_at=expires_at)


async def frame(socket: WebsocketCommunicator, kind: str) -> dict[str, Any]:
    """The next frame of a kind."""
    for _ in range(60):
        found: dict[str, Any] = json.loads(await socket.receive_from(3))
        if found["type"] == kind:
            return found
    raise AssertionError(f"no {kind} came")
