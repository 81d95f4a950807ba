"""People at the review desk: a teacher who reviews, students who submit, strangers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.utils import timezone

from cluster_engine.apiserver.requests import ADMIN, Caller, Request
from playground.accounts.models import Person
from playground.accounts.visitors import COOKIE, Visitor, new_visitor, remember, visitor_of
from playground.hosting.host import Answer
from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Session
from playground.lab_sessions.roles import Role
from playground.lab_sessions.services import session_join
from playground.reviews.recorder import WriteRecorder

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: c
        image: busybox
        command:
        - sleep
        - '3600'
        resources:
          requests:
            cpu: 100m
            memory: 64Mi
"""


class Asker:
    """Somebody with cookies, or a token."""

    def __init__(self, token: str = "") -> None:
        self.client = AsyncClient()
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    @property
    def visitor(self) -> Visitor:
        found = visitor_of({name: morsel.value for name, morsel in self.client.cookies.items()})
        assert found is not None
        return found

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return await self.client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={**self._headers, **headers},
        )

    async def get(self, path: str, code: int = 200) -> dict[str, Any]:
        answer = await self.ask("GET", path)
        assert answer.status_code == code, answer.content
        return dict(answer.json())

    async def send(self, method: str, path: str, body: Any, code: int = 200) -> dict[str, Any]:
        answer = await self.ask(method, path, body)
        assert answer.status_code == code, answer.content
        return dict(answer.json())

    async def apply(self, session_id: str, text: str) -> list[dict[str, Any]]:
        """In the editor."""
        body = {"text": text, "action": "apply"}
        answer = await self.send("POST", f"sessions/{session_id}/manifests", body)
        return list(answer["results"])


@dataclass
class Room:
    """A session with review on, its teacher and a student."""

    host: LocalHost
    session: Session
    teacher: Asker
    student: Asker
    others: list[Asker] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.session.id

    async def enter(self, role: Role) -> Asker:
        """One more person."""
        asker = person()
        await self.enter_as(asker, role)
        return asker

    async def enter_as(self, asker: Asker, role: Role) -> None:
        """Somebody comes in."""
        await session_join(session=self.session, visitor=asker.visitor, role=role)

    async def kubectl(
        self,
        asker: Asker,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: str = "",
        content_type: str = "application/json",
        command: str = "kubectl apply",
        call: str = "",
    ) -> Answer:
        """As the gateway hands on a request of somebody's kubectl."""
        headers = {"content-type": content_type, "kubectl-command": command}
        data = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        caller = Caller(asker.visitor.id, asker.visitor.name, "kubectl")
        request = Request(method, path, query, headers, data, ADMIN, call, caller)
        return await self.host.call(self.id, request)

    async def read(self, path: str) -> dict[str, Any] | None:
        """What the cluster has there."""
        answer = await self.host.call(self.id, Request("GET", path, user=ADMIN))
        return dict(orjson.loads(answer.body)) if answer.status == 200 else None

    async def submit(self, text: str = WEB) -> str:
        """The student applies a text; the submission's id."""
        results = await self.student.apply(self.id, text)
        assert {one["outcome"] for one in results} == {"submitted"}, results
        return (await self.submissions(self.student))[0]["id"]

    async def submissions(self, asker: Asker, query: str = "") -> list[dict[str, Any]]:
        """The list, after the record was read."""
        await recorder().drain(self.id)
        answer = await asker.get(f"reviews?session={self.id}&{query}")
        return list(answer["submissions"])

    async def decide(
        self, asker: Asker, submission: str, act: str, code: int = 200, **more: Any
    ) -> dict[str, Any]:
        body = {"act": act, **more}
        return await asker.send("POST", f"reviews/{submission}/decisions", body, code)


def recorder() -> WriteRecorder:
    found: WriteRecorder = apps.get_app_config("reviews").recorder
    return found


def person() -> Asker:
    """Somebody with a cookie."""
    asker = Asker()
    signed_in(asker, new_visitor())
    return asker


def signed_in(asker: Asker, visitor: Visitor) -> None:
    """Give a browser the cookie of a visitor."""
    response = HttpResponse()
    remember(HttpRequest(), response, visitor)
    asker.client.cookies[COOKIE] = response.cookies[COOKIE].value


async def reviewer(name: str = "rita") -> Asker:
    """Somebody with the right to review, in no session."""
    asker = person()
    user = await User.objects.acreate(username=name)
    group, _ = await Group.objects.aget_or_create(name="reviewer")
    await user.groups.aadd(group)
    await Person.objects.acreate(
        user=user, visitor=asker.visitor.id, name=name, color="", created_at=timezone.now()
    )
    return asker


async def open_room(host: LocalHost, *, is_on: bool = True) -> Room:
    """A session that a teacher started and switched to review, with a student who may edit."""
    teacher = person()
    body = await teacher.send("POST", "sessions", {"nodes": 2, "seed": 1}, 201)
    session = await Session.objects.aget(id=body["id"])
    await host.clock_advance(session.id, 60_000)
    await host.clock_set(session.id, is_paused=True)
    room = Room(host, session, teacher, Asker())
    room.student = await room.enter(Role.EDITOR)
    if is_on:
        switched = await teacher.send("PUT", f"sessions/{session.id}/review", {"on": True})
        assert switched["on"] is True
    return room
