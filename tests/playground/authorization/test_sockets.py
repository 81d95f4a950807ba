"""Every WebSocket of the site as everybody, and every message a browser may send in a session."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.urls import URLPattern

from playground.accounts.visitors import COOKIE, cookie_of
from playground.hosting.local import LocalHost
from playground.serving.application import make_application, socket_patterns
from tests.playground.authorization import table
from tests.playground.authorization.paths import address
from tests.playground.authorization.table import Outcome
from tests.playground.authorization.world import MEMBERS, ROLES, World, make_world

RULES = table.rules()
ROWS = table.rows("WebSockets")
SAID = table.rows("Messages")
_TYPE = re.compile(r"<(?:\w+:)?(\w+)>")
_CLOSED = {4404: Outcome.HIDDEN, 4403: Outcome.NO}
#: What is sent along with a message so that only the role decides.
_MESSAGES: dict[str, dict[str, Any]] = {"clock": {"action": "pause"}}
_NOT_FOR_YOU = re.compile(r"you are looking on|only the owner")
_SOCKETS = {
    "session": "/ws/sessions/<session_id>/",
    "terminal": "/ws/sessions/<session_id>/terminals/<number>/",
}
_FRAMES_MAX = 40


def sockets() -> list[str]:
    """As the router has them, parameters as `<name>`."""
    return sorted("/" + _TYPE.sub(r"<\1>", str(one.pattern)) for one in _patterns())


def _patterns() -> list[URLPattern]:
    return list(socket_patterns())


def kinds() -> set[tuple[str, str]]:
    """The types of message that each socket tells apart, as the source has them."""
    source = (Path(settings.ROOT) / "playground" / "live" / "consumers.py").read_text()
    session, _, terminal = source.partition("class TerminalConsumer")
    found = {("session", kind) for kind in _kinds(session)}
    return found | {("terminal", kind) for kind in _kinds(terminal)}


def _kinds(source: str) -> set[str]:
    several = re.findall(r"kind (?:not )?in \(([^)]*)\)", source)
    words = {word for group in several for word in re.findall(r'"(\w+)"', group)}
    return words | set(re.findall(r'kind == "(\w+)"', source))


async def connect(world: World, role: str, path: str, origin: str = "") -> Any:
    """A socket of somebody's page, opened."""
    headers = [(b"host", b"testserver"), (b"origin", (origin or "http://testserver").encode())]
    if role in world.visitors:
        headers.append((b"cookie", f"{COOKIE}={cookie_of(world.visitors[role])}".encode()))
    socket = WebsocketCommunicator(make_application(), path, headers=headers)
    is_open, code = await socket.connect(5)
    return socket, is_open, code


async def meet(world: World, role: str, path: str, origin: str = "") -> Outcome:
    """Whether a socket says anything but why it closes."""
    socket, is_open, code = await connect(world, role, path, origin)
    if not is_open:
        return _CLOSED[code]
    try:
        for _ in range(_FRAMES_MAX):
            said = await socket.receive_output(5)
            if said["type"] == "websocket.close":
                return _CLOSED[said["code"]]
            if json.loads(said["text"])["type"] != "error":
                return Outcome.OK
    finally:
        await socket.disconnect()
    raise AssertionError(f"{path} says nothing to {role}")


def test_every_socket_has_a_row() -> None:
    listed = {row.path for row in ROWS}
    missing = "\n".join(f"| WS | `{path}` | … |" for path in sockets() if path not in listed)
    assert not missing, f"docs/authorization.md, section WebSockets, needs:\n{missing}"
    assert listed <= set(sockets())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", ROWS, ids=[row.path for row in ROWS])
async def test_everybody_meets_what_the_table_says(host: LocalHost, row: table.Row) -> None:
    world = await make_world()
    path = address(row.path, world)
    met = {role: await meet(world, role, path) for role in ROLES}
    assert met == RULES[row.rule]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", ROWS, ids=[row.path for row in ROWS])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://testserver:81"])
async def test_a_page_of_another_site_opens_none(
    host: LocalHost, row: table.Row, origin: str
) -> None:
    world = await make_world()
    path = address(row.path, world)
    for role in ("owner", "student", "class teacher"):
        assert await meet(world, role, path, origin) is not Outcome.OK


def test_every_message_has_a_row() -> None:
    listed = {(row.what, row.path) for row in SAID}
    missing = "\n".join(f"| {one[0]} | `{one[1]}` | … |" for one in sorted(kinds() - listed))
    assert not missing, f"docs/authorization.md, section Messages, needs:\n{missing}"
    assert listed - kinds() == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", SAID, ids=[row.id for row in SAID])
async def test_a_message_is_for_those_the_table_says(host: LocalHost, row: table.Row) -> None:
    world = await make_world()
    path = address(_SOCKETS[row.what], world)
    met = {}
    for role in MEMBERS:
        socket, is_open, _ = await connect(world, role, path)
        assert is_open
        if row.what == "session":
            await _frame(socket, "scene")
        await socket.send_to(json.dumps({"type": row.path, **_MESSAGES.get(row.path, {})}))
        await socket.send_to(json.dumps({"type": "ping"}))
        met[role] = Outcome.NO if await _is_refused(socket) else Outcome.OK
        await socket.disconnect()
    assert met == {role: RULES[row.rule][role] for role in MEMBERS}


async def _frame(socket: WebsocketCommunicator, kind: str) -> None:
    """Wait for a frame of a kind."""
    while json.loads(await socket.receive_from(5))["type"] != kind:
        continue


async def _is_refused(socket: WebsocketCommunicator) -> bool:
    """Whether what was said is not for the role; other errors are about what was said."""
    is_refused = False
    for _ in range(_FRAMES_MAX):
        frame = json.loads(await socket.receive_from(5))
        if frame["type"] == "error":
            is_refused |= _NOT_FOR_YOU.search(frame["message"]) is not None
        elif frame["type"] == "pong":
            return is_refused
    raise AssertionError("no answer to a ping came")
