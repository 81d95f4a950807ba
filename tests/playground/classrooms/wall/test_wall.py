"""The teacher's wall: what it shows of a class, how soon, how often."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from cluster_engine.apiserver.requests import ADMIN, STDIN, Frame, Request, Source
from playground.classrooms.wall.selectors import walls
from playground.hosting.local import LocalHost
from playground.lab_sessions.lifetimes import session_hibernate
from playground.lab_sessions.models import Session
from tests.playground.classrooms.school import STRANGER, Person, School, frame

pytestmark = pytest.mark.django_db(transaction=True)
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n"
    "spec:\n  containers:\n  - name: a\n    image: {image}\n"
)


async def shown(wall: WebsocketCommunicator, **wanted: Any) -> dict[str, Any]:
    """The first entry that comes with these values."""
    for _ in range(40):
        for entry in (await frame(wall, "wall")).get("set", []):
            if all(entry[key] == value for key, value in wanted.items()):
                return dict(entry)
    raise AssertionError(f"never saw {wanted}")


async def begin(school: School, *names: str) -> tuple[list[Person], WebsocketCommunicator]:
    await school.open(nodes=2)
    await school.done("start")
    people = [await school.join(name) for name in names]
    wall = await school.wall()
    return people, wall


async def session_of(school: School, person: Person) -> str:
    return str((await school.seat(person))["url"].split("/")[2])


async def test_the_hello_has_everybody_with_their_nodes(school: School) -> None:
    await begin(school, "Ann", "Bob")
    hello = await frame(await school.wall(), "hello")
    assert hello["room"]["state"] == "running"
    assert "freeze" in hello["room"]["actions"]
    assert hello["room"]["join_url"] == f"http://testserver/c/{school.room['code']}/"
    ann = hello["students"][0]
    assert [node["name"] for node in ann["nodes"]] == ["node-1", "node-2"]
    assert (ann["name"], ann["state"], ann["here"]) == ("Ann", "away", 0)
    assert set(ann) == set(
        "id name state session nodes unplaced command progress hand here attention teacher "
        "fault".split()
    )


async def test_a_pod_is_seen_within_half_a_second(school: School) -> None:
    (ann,), wall = await begin(school, "Ann")
    await frame(wall, "hello")
    session = await session_of(school, ann)
    body = {"text": POD.format(name="web", image="nginx"), "action": "apply"}
    begun = time.monotonic()
    await ann.post(f"/api/v1/sessions/{session}/manifests", body)
    for _ in range(20):
        (entry,) = (await frame(wall, "wall"))["set"]
        if any(node["pods"] for node in entry["nodes"]):
            break
    assert time.monotonic() - begun < 1.5
    assert entry["command"]["text"] == "editor: pod web"


async def test_the_last_command_and_a_row_of_mistakes_are_seen(
    school: School, host: LocalHost
) -> None:
    (ann,), wall = await begin(school, "Ann")
    await frame(wall, "hello")
    session = await session_of(school, ann)
    await host.clock_set(session, is_paused=True)
    request = Request("POST", "/podyard/v1/console", user=ADMIN)
    stream = (await host.call(session, request)).stream
    assert stream is not None
    await host.clock_advance(session, 5_000)
    for _ in range(4):
        stream.write(Frame(STDIN, b"kubectl get nonsense\r", ann.visitor.caller(Source.CONSOLE)))
        await host.clock_advance(session, 20_000)
    entry = await shown(wall, attention={"score": 28, "reason": "the last 4 commands failed"})
    assert entry["command"]["text"] == "kubectl get nonsense"
    stream.close()


async def test_hands_pages_and_newcomers_are_seen(school: School) -> None:
    (ann,), wall = await begin(school, "Ann")
    await frame(wall, "hello")
    strip = await school.strip(ann)
    assert (await shown(wall, here=1))["state"] == "working"
    path = f"/api/v1/classrooms/{school.room['id']}/seat"
    await ann.post(path, {"action": "raise-hand"})
    entry = await shown(wall, name="Ann", here=1)
    assert entry["hand"]
    assert entry["attention"] == {"score": 70, "reason": "raised a hand 10 s ago"}
    await strip.disconnect()
    school.sockets.remove(strip)
    assert (await shown(wall, here=0))["state"] == "away"
    await school.join("Bob")
    assert (await shown(wall, name="Bob"))["session"]


async def test_who_is_removed_leaves_the_wall(school: School) -> None:
    (ann,), wall = await begin(school, "Ann")
    await frame(wall, "hello")
    student = (await school.seat(ann))["student"]["id"]
    await school.done("remove", students=[student])
    while "remove" not in (found := await frame(wall, "wall")):
        pass
    assert found["remove"] == [student]


async def test_what_becomes_of_the_room_is_told(school: School) -> None:
    _, wall = await begin(school, "Ann")
    await school.done("freeze")
    assert (await frame(wall, "room"))["room"]["state"] == "frozen"
    await school.done("resume")
    assert (await frame(wall, "room"))["room"]["state"] == "running"


async def test_a_student_is_sent_at_most_four_times_a_second(school: School) -> None:
    (ann,), wall = await begin(school, "Ann")
    await frame(wall, "hello")
    path = f"/api/v1/classrooms/{school.room['id']}/seat"
    begun, count = time.monotonic(), 0
    while time.monotonic() - begun < 2:
        action = "lower-hand" if count % 2 else "raise-hand"
        await ann.post(path, {"action": action})
        count += 1
        await asyncio.sleep(0.02)
    frames = 0
    while not await wall.receive_nothing(0.2):
        await wall.receive_from()
        frames += 1
    assert count > 20
    assert frames <= 11


async def test_students_and_strangers_see_no_wall(school: School) -> None:
    (ann,), _ = await begin(school, "Ann")
    for visitor in (ann.visitor, STRANGER):
        socket = await school.wall(visitor)
        assert json.loads(await socket.receive_from(2))["type"] == "error"
        assert (await socket.receive_output(2))["code"] == 4404
    other = await school.socket(f"/ws/classrooms/{school.room['id']}/seat/", STRANGER)
    assert json.loads(await other.receive_from(2))["type"] == "error"


async def test_a_wall_that_nobody_looks_at_is_taken_down(school: School) -> None:
    _, wall = await begin(school, "Ann")
    await frame(wall, "hello")
    assert walls().count == 1
    await wall.disconnect()
    school.sockets.remove(wall)
    assert walls().count == 0


async def test_ten_pages_show_a_wall_and_no_more(school: School, settings: Any) -> None:
    settings.PODYARD_WALLS_PER_CLASSROOM_MAX = 1
    _, wall = await begin(school, "Ann")
    await frame(wall, "hello")
    second = await school.wall()
    assert "already" in json.loads(await second.receive_from(2))["message"]


async def test_a_look_wakes_nobody(school: School, host: LocalHost) -> None:
    (ann,), wall = await begin(school, "Ann")
    await frame(wall, "hello")
    session = await Session.objects.aget(id=await session_of(school, ann))
    await session_hibernate(session=session)
    second = await school.wall()
    await frame(second, "hello")
    await wall.disconnect()
    await second.disconnect()
    school.sockets.clear()
    hello = await frame(await school.wall(), "hello")
    assert hello["students"][0]["nodes"] == []
    await session.arefresh_from_db()
    assert session.state == "hibernated"
    await frame(await school.socket(f"/ws/sessions/{session.id}/", ann.visitor), "hello")
    await session.arefresh_from_db()
    assert session.state == "running"
