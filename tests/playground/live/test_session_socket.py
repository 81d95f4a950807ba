"""The page's WebSocket: scene first, deltas after, resuming, clock, presence, roles."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from playground.accounts.visitors import Visitor
from playground.lab_sessions.lifetimes import session_end, session_expire, session_hibernate
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import activity
from playground.lab_sessions.services import session_join
from playground.live.selectors import rooms
from tests.playground.live.sockets import GUEST, OWNER, Lab, people_of, until, where

pytestmark = pytest.mark.django_db(transaction=True)


async def test_hello_then_the_whole_scene(lab: Lab) -> None:
    socket = await lab.open()
    hello = json.loads(await socket.receive_from(2))
    assert (hello["type"], hello.get("protocol")) == ("hello", 1), hello
    assert hello["session"]["role"] == "owner"
    assert hello["session"]["server"].startswith(f"/k8s/{lab.session.id}/")
    assert hello["you"]["name"] == "calm otter"
    scene = await until(socket, "scene")
    assert sorted(scene["nodes"]) == ["node-1", "node-2"]
    assert (await until(socket, "clock"))["paused"]


async def test_what_changes_comes_as_deltas_with_rising_numbers(lab: Lab) -> None:
    socket = await lab.open()
    scene = await until(socket, "scene")
    await lab.apply("one")
    first = await until(socket, "delta")
    assert "default/one" in first["set"]["pods"]
    await lab.apply("two")
    second = await until(socket, "delta")
    assert scene["seq"] < first["seq"] < second["seq"]


async def test_one_who_comes_back_gets_only_what_was_missed(lab: Lab) -> None:
    stays, leaves = await lab.open(), await lab.open()
    seen = (await until(leaves, "scene"))["seq"]
    await until(stays, "scene")
    await leaves.disconnect()
    await lab.apply("missed")
    await until(stays, "delta")
    back = await lab.open()
    await back.send_to(text_data=json.dumps({"type": "resume", "seq": seen}))
    assert json.loads(await back.receive_from(2))["type"] == "hello"
    frames = [json.loads(await back.receive_from(2)) for _ in range(2)]
    delta = next(frame for frame in frames if frame["type"] == "delta")
    assert "default/missed" in delta["set"]["pods"]
    assert all(frame["type"] != "scene" for frame in frames)


@pytest.mark.parametrize("seq", [0, 10**15, None, "x"], ids=["old", "future", "none", "nonsense"])
async def test_one_who_was_away_too_long_gets_the_scene(lab: Lab, seq: Any) -> None:
    socket = await lab.open()
    await socket.send_to(text_data=json.dumps({"type": "resume", "seq": seq}))
    await until(socket, "scene")


async def test_the_clock_is_everyones(lab: Lab) -> None:
    one, other = await lab.open(), await lab.open()
    await until(one, "scene")
    await until(other, "scene")
    await one.send_to(text_data='{"type":"clock","action":"speed","value":10}')
    assert not (await until(other, "clock", speed=10))["paused"]
    await one.send_to(text_data='{"type":"clock","action":"pause"}')
    await until(other, "clock", paused=True)
    before = (await lab.host.clock(lab.session.id)).now_ms
    await one.send_to(text_data='{"type":"clock","action":"step","value":60}')
    after = await until(other, "clock")
    assert after["now"] == before + 60_000


async def test_people_see_each_other_and_what_they_look_at(lab: Lab) -> None:
    await session_join(session=lab.session, visitor=GUEST, role=Role.VIEWER)
    owner = await lab.open()
    await until(owner, "presence")
    guest = await lab.open(GUEST)
    people = await people_of(owner, 2)
    assert [(one["name"], one["role"], one["tabs"]) for one in people] == [
        ("calm otter", "owner", 1),
        ("brisk wren", "viewer", 1),
    ]
    await until(guest, "scene")
    await guest.send_to(text_data='{"type":"presence","focus":"pods/default/one"}')
    assert await where(owner, GUEST) == {"focus": "pods/default/one"}
    await guest.disconnect()
    await people_of(owner, 1)


async def test_who_looks_on_may_not_touch_the_clock(lab: Lab) -> None:
    await session_join(session=lab.session, visitor=GUEST, role=Role.VIEWER)
    guest = await lab.open(GUEST)
    await guest.send_to(text_data='{"type":"clock","action":"resume"}')
    assert "looking on" in (await until(guest, "error"))["message"]
    assert (await lab.host.clock(lab.session.id)).is_paused


@pytest.mark.parametrize(
    ("visitor", "origin", "code"),
    [(GUEST, "http://testserver", 4404), (OWNER, "https://evil.example", 4403)],
    ids=["a stranger", "another site's page"],
)
async def test_who_may_not_come_in_is_told(
    lab: Lab, visitor: Visitor, origin: str, code: int
) -> None:
    socket = await lab.open(visitor, origin=origin)
    await until(socket, "error")
    assert (await socket.receive_output(2))["code"] == code


async def test_who_was_not_let_in_is_not_heard(lab: Lab) -> None:
    socket = await lab.open(GUEST)
    await socket.send_to(text_data='{"type":"presence","focus":"x"}')
    await until(socket, "error")
    assert (await socket.receive_output(2))["code"] == 4404
    await socket.send_to(text_data='{"type":"clock","action":"pause"}')
    assert await socket.receive_nothing()


async def test_viewers_are_limited(lab: Lab, settings: Any) -> None:
    settings.PODYARD_VIEWERS_PER_SESSION_MAX = 2
    sockets = [await lab.open() for _ in range(2)]
    for socket in sockets:
        await until(socket, "scene")
    late = await lab.open()
    assert "2 viewers" in (await until(late, "error"))["message"]
    assert (await late.receive_output(2))["code"] == 4429
    await sockets[0].disconnect()
    await until(await lab.open(), "scene")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("noise", "JSON"),
        ("[]", "an object with a type"),
        ('{"type":"dance"}', "dance"),
        ('{"type":"clock","action":"dance"}', "dance"),
        ('{"type":"clock","action":"speed","value":"fast"}', "fast"),
        ('{"type":"clock","action":"step","value":-1}', "-1"),
        ('{"type":"presence","focus":"' + "x" * 70_000 + '"}', "too large"),
    ],
)
async def test_a_senseless_message_is_answered_not_fatal(
    lab: Lab, text: str, complaint: str
) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    await socket.send_to(text_data=text)
    assert complaint in (await until(socket, "error"))["message"]
    await socket.send_to(text_data='{"type":"ping"}')
    await until(socket, "pong")


async def test_a_flood_of_messages_is_refused(lab: Lab, settings: Any) -> None:
    settings.PODYARD_VIEWER_MESSAGES_PER_SECOND_MAX = 1
    socket = await lab.open()
    await until(socket, "scene")
    for _ in range(4):
        await socket.send_to(text_data='{"type":"ping"}')
    assert "slow down" in (await until(socket, "error"))["message"]


async def test_the_end_of_the_session_is_shown_step_by_step(lab: Lab) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    await session_expire(session=lab.session)
    shown = await until(socket, "session")
    assert (shown["state"], shown["ended"]["because"]) == ("expired", "time-up")
    await socket.send_to(text_data='{"type":"clock","action":"resume"}')
    await until(socket, "error")
    await session_end(session=lab.session)
    assert (await until(socket, "session"))["state"] == "ended"
    while (message := await socket.receive_output(2))["type"] != "websocket.close":
        pass
    assert (message["code"], "its owner ended it" in message["reason"]) == (4410, True)


async def test_a_session_that_falls_asleep_sends_its_browsers_out_for_now(lab: Lab) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    await session_hibernate(session=lab.session)
    assert (await until(socket, "session"))["state"] == "hibernated"
    while (message := await socket.receive_output(2))["type"] != "websocket.close":
        pass
    assert message["code"] == 4409
    again = await lab.open()
    assert (await until(again, "hello"))["session"]["state"] == "running"
    await until(again, "scene")


async def test_a_visible_page_keeps_its_session_awake(lab: Lab) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    assert activity().last(lab.session.id) is None
    await socket.send_to(text_data='{"type":"active"}')
    await socket.send_to(text_data='{"type":"ping"}')
    await until(socket, "pong")
    assert activity().last(lab.session.id) is not None


async def test_an_empty_room_is_forgotten(lab: Lab) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    assert lab.host.numbers()["podyard_views"] == 1
    await socket.disconnect()
    assert rooms().find(lab.session.id) is None
    assert lab.host.numbers()["podyard_views"] == 0


async def test_a_slow_viewer_gets_the_newest_scene_instead_of_every_frame(
    lab: Lab, settings: Any
) -> None:
    settings.PODYARD_VIEWER_WAITING_FRAMES_MAX = 3
    socket = await lab.open()
    await until(socket, "scene")
    room = rooms().find(lab.session.id)
    assert room is not None
    for number in range(8):
        room.tell({"type": "delta", "number": number})
    await until(socket, "scene")


async def test_frames_come_at_most_so_often(lab: Lab) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    start = asyncio.get_running_loop().time()
    for number in range(3):
        await lab.apply(f"pod-{number}")
        await until(socket, "delta")
    assert asyncio.get_running_loop().time() - start > 0.08
