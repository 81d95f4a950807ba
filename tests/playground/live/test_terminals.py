"""Terminals: they live on the server, several may look, and a reload loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.apps import apps
from django.test import AsyncClient

from cluster_engine.apiserver.requests import (
    ERROR,
    RESIZE,
    STDERR,
    STDIN,
    Frame,
    Request,
    Response,
)
from playground.accounts.visitors import new_visitor
from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Session
from playground.lab_sessions.plans import Wishes
from playground.lab_sessions.roles import Role
from playground.lab_sessions.services import session_end, session_start
from playground.live.selectors import terminals
from playground.serving.application import make_application
from tests.playground.fakes import FakeEngine, FakeStream
from tests.playground.people import secret_as

pytestmark = pytest.mark.django_db(transaction=True)

EXIT = (
    b'{"status":"Failure","message":"command terminated with exit code 7",'
    b'"details":{"causes":[{"reason":"ExitCode","message":"7"}]}}'
)


@dataclass
class Lab:
    """A session whose cluster answers every terminal with a fake stream."""

    session: Session
    engine: FakeEngine
    requests: list[Request] = field(default_factory=list)

    async def headers(self, role: Role = Role.OWNER) -> dict[str, str]:
        secret = await secret_as(self.session, role)
        return {"authorization": f"Bearer {secret}"}

    async def ask(self, method: str, path: str = "", body: Any = None) -> Any:
        return await AsyncClient().generic(
            method,
            f"/api/v1/sessions/{self.session.id}/terminals{path}",
            json.dumps(body) if body else "",
            content_type="application/json",
            headers=await self.headers(),
        )

    async def new(self) -> tuple[int, FakeStream]:
        number = (await self.ask("POST", body={"kind": "console"})).json()["number"]
        return number, self.engine.streams[-1]

    async def look(
        self, number: int, role: Role = Role.OWNER, resume: int | None = None
    ) -> WebsocketCommunicator:
        headers = [(n.encode(), v.encode()) for n, v in (await self.headers(role)).items()]
        path = f"/ws/sessions/{self.session.id}/terminals/{number}/"
        socket = WebsocketCommunicator(make_application(), path, headers=headers)
        await socket.connect(2)
        if resume is not None:
            await socket.send_to(text_data=json.dumps({"type": "resume", "seq": resume}))
        return socket


@pytest.fixture
async def lab(host: LocalHost) -> AsyncIterator[Lab]:
    engine = FakeEngine()
    made = LocalHost(build=lambda plan: engine)
    apps.get_app_config("hosting").host = made
    wishes = Wishes(name="lab", nodes=0, minutes=60, speed=1, seed=1)
    session = await session_start(wishes=wishes, visitor=new_visitor(), address="127.0.0.1")
    found = Lab(session, engine)

    def answer(request: Request) -> Response:
        found.requests.append(request)
        if "/missing/" in request.path:
            return Response(404, b'{"message":"pods \\"missing\\" not found"}')
        engine.streams.append(FakeStream())
        return Response(200, stream=engine.streams[-1])

    engine.answer = answer
    yield found
    await made.close_all()


async def until(socket: WebsocketCommunicator, kind: str) -> dict[str, Any]:
    for _ in range(20):
        frame = json.loads(await socket.receive_from(2))
        if frame["type"] == kind:
            return frame
    raise AssertionError(f"no {kind} came")


async def test_a_console_is_asked_of_the_cluster(lab: Lab) -> None:
    answer = await lab.ask("POST", body={"kind": "console"})
    assert answer.status_code == 201
    assert answer.json() == {"number": 1, "title": "Console", "over": False, "kind": "console"}
    request = lab.requests[0]
    assert (request.method, request.path) == ("POST", "/podyard/v1/console")


async def test_a_container_terminal_is_an_exec_with_a_tty(lab: Lab) -> None:
    body = {"kind": "exec", "namespace": "default", "pod": "web", "container": "c"}
    answer = await lab.ask("POST", body={**body, "command": ["sh", "-i"]})
    assert answer.json()["title"] == "web · c"
    request = lab.requests[0]
    assert request.path == "/api/v1/namespaces/default/pods/web/exec"
    assert request.query == "stdin=true&stdout=true&tty=true&container=c&command=sh&command=-i"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "sofa"}, 422),
        ({"kind": "exec", "namespace": "default"}, 422),
        ({"kind": "exec", "namespace": "a/b", "pod": "c"}, 422),
        ({"kind": "exec", "namespace": "a", "pod": "c", "command": "sh"}, 422),
        ({"kind": "exec", "namespace": "a", "pod": "missing"}, 400),
    ],
)
async def test_a_senseless_wish_is_refused(lab: Lab, body: dict[str, str], status: int) -> None:
    answer = await lab.ask("POST", body=body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


async def test_keys_go_in_and_output_comes_out(lab: Lab) -> None:
    number, stream = await lab.new()
    socket = await lab.look(number)
    assert (await until(socket, "ready"))["title"] == "Console"
    await socket.send_to(text_data='{"type":"input","data":"ls\\r"}')
    await socket.send_to(text_data='{"type":"resize","columns":100,"rows":30}')
    await socket.send_to(text_data='{"type":"ping"}')
    await until(socket, "pong")
    keys, size = stream.written
    assert keys.data == b"ls\r" and keys.channel == STDIN
    assert keys.caller is not None and keys.caller.source == "console"
    assert size == Frame(RESIZE, b'{"Width":100,"Height":30}')
    stream.put(b"one ")
    stream.put(b"two", STDERR)
    assert (await until(socket, "output"))["data"] == "one two"
    await socket.disconnect()


async def test_letters_cut_in_two_are_put_together(lab: Lab) -> None:
    number, stream = await lab.new()
    socket = await lab.look(number)
    await until(socket, "ready")
    stream.put("é".encode()[:1])
    await asyncio.sleep(0.03)
    stream.put("é".encode()[1:])
    assert (await until(socket, "output"))["data"] == "é"
    await socket.disconnect()


async def test_a_reload_finds_the_screen(lab: Lab) -> None:
    number, stream = await lab.new()
    stream.put(b"before ")
    await asyncio.sleep(0.03)
    first = await lab.look(number)
    seen = await until(first, "output")
    assert seen["data"] == "before "
    await first.disconnect()
    stream.put(b"meanwhile")
    await asyncio.sleep(0.03)
    again = await lab.look(number)
    assert (await until(again, "output"))["data"] == "before meanwhile"
    resumed = await lab.look(number, resume=seen["seq"])
    assert (await until(resumed, "output"))["data"] == "meanwhile"
    await again.disconnect()
    await resumed.disconnect()


async def test_the_scrollback_is_bounded(lab: Lab, settings: Any) -> None:
    settings.PODYARD_TERMINAL_SCROLLBACK_BYTES = 100
    number, stream = await lab.new()
    for letter in "abcd":
        stream.put(letter.encode() * 40)
        await asyncio.sleep(0.03)
    socket = await lab.look(number)
    assert (await until(socket, "output"))["data"] == "c" * 40 + "d" * 40
    await socket.disconnect()


async def test_the_end_of_the_program_is_told_to_those_who_come_later_too(lab: Lab) -> None:
    number, stream = await lab.new()
    early = await lab.look(number)
    await until(early, "ready")
    stream.put(EXIT, ERROR)
    stream.finish()
    frame = await until(early, "exit")
    assert (frame["code"], frame["message"]) == (7, "command terminated with exit code 7")
    late = await lab.look(number)
    assert (await until(late, "exit"))["code"] == 7
    listed = (await lab.ask("GET")).json()["terminals"]
    assert [(one["number"], one["over"]) for one in listed] == [(number, True)]
    await early.disconnect()
    await late.disconnect()


async def test_who_looks_on_sees_but_does_not_type(lab: Lab) -> None:
    number, stream = await lab.new()
    socket = await lab.look(number, Role.VIEWER)
    await until(socket, "ready")
    await socket.send_to(text_data='{"type":"input","data":"rm -rf /\\r"}')
    assert "looking on" in (await until(socket, "error"))["message"]
    assert stream.written == []
    stream.put(b"shown")
    assert (await until(socket, "output"))["data"] == "shown"
    await socket.disconnect()


async def test_terminals_are_limited_but_finished_ones_make_room(lab: Lab, settings: Any) -> None:
    settings.PODYARD_TERMINALS_PER_SESSION_MAX = 2
    _, stream = await lab.new()
    await lab.new()
    assert (await lab.ask("POST", body={"kind": "console"})).status_code == 429
    stream.finish()
    await asyncio.sleep(0.03)
    assert (await lab.ask("POST", body={"kind": "console"})).json()["number"] == 3


async def test_closing_ends_the_program(lab: Lab) -> None:
    number, stream = await lab.new()
    assert (await lab.ask("DELETE", f"/{number}")).status_code == 204
    assert stream.is_closed
    assert (await lab.ask("GET", f"/{number}")).status_code == 404


async def test_the_sessions_end_closes_them_all(lab: Lab) -> None:
    number, stream = await lab.new()
    socket = await lab.look(number)
    await until(socket, "ready")
    await session_end(session=lab.session)
    while (message := await socket.receive_output(2))["type"] != "websocket.close":
        pass
    assert message["code"] == 4410
    assert stream.is_closed
    assert terminals().list(lab.session.id) == []


async def test_a_terminal_that_is_not_there_is_not_found(lab: Lab) -> None:
    socket = await lab.look(99)
    await until(socket, "error")
    assert (await socket.receive_output(2))["code"] == 4404


@pytest.mark.parametrize(
    "message",
    ['{"type":"resize","columns":0,"rows":1}', '{"type":"input"}', '{"type":"dance"}'],
)
async def test_a_senseless_message_is_answered(lab: Lab, message: str) -> None:
    number, stream = await lab.new()
    socket = await lab.look(number)
    await until(socket, "ready")
    await socket.send_to(text_data=message)
    assert (await until(socket, "error"))["message"]
    assert stream.written == []
    await socket.disconnect()
