"""A class from beginning to end, through HTTP and sockets."""

from __future__ import annotations

import pytest

from playground.hosting.local import LocalHost
from tests.playground.classrooms.school import School, frame

pytestmark = pytest.mark.django_db(transaction=True)


async def test_two_students_join_work_are_frozen_and_finish(
    school: School, host: LocalHost
) -> None:
    await school.open()
    assert await school.warm() == 3
    ann, bob = await school.join("Ann"), await school.join("Bob")
    assert (await school.seat(ann))["state"] == "lobby"
    wall = await school.wall()
    hello = await frame(wall, "hello")
    assert [student["name"] for student in hello["students"]] == ["Ann", "Bob"]
    assert hello["room"]["state"] == "lobby"

    started = await school.done("start")
    assert len(started["done"]) == 2
    seat = await school.seat(ann)
    assert (seat["state"], seat["room"]["state"]) == ("working", "running")
    session = seat["url"].split("/")[2]
    assert not (await host.clock(session)).is_paused
    assert (await ann.get(seat["url"])).status_code == 200
    assert (await bob.get(seat["url"])).status_code == 404

    await school.done("freeze")
    assert (await host.clock(session)).is_paused
    await school.done("resume")
    assert not (await host.clock(session)).is_paused
    await school.done("end")
    assert (await school.seat(ann))["state"] == "finished"
    csv = (await school.teacher.get(f"/api/v1/classrooms/{school.room['id']}/results.csv")).content
    assert csv.decode("utf-8-sig").count("\r\n") == 3


async def test_a_class_with_a_lesson_shows_who_is_how_far(school: School, host: LocalHost) -> None:
    await school.open(lesson="first-deployment")
    await school.warm()
    ann = await school.join("Ann")
    wall = await school.wall()
    await school.done("start")
    for _ in range(20):
        found = await frame(wall, "wall")
        entry = found["set"][0]
        if entry["progress"] is not None:
            break
    progress = entry["progress"]
    assert (progress["done"], progress["step"] != "") == (0, True)
    session = (await school.seat(ann))["url"].split("/")[2]
    lesson = (await ann.get(f"/api/v1/sessions/{session}/lesson")).json()
    assert lesson["lesson"]["slug"] == "first-deployment"
    assert lesson["progress"]["total"] == progress["total"]
    await school.done("reset")
    again = (await ann.get(f"/api/v1/sessions/{session}/lesson")).json()
    assert again["progress"]["done"] == 0
    await school.done("end")
    csv = (await school.teacher.get(f"/api/v1/classrooms/{school.room['id']}/results.csv")).content
    row = csv.decode("utf-8-sig").splitlines()[1].split(",")
    assert row[6:8] == ["0", str(progress["total"])]
