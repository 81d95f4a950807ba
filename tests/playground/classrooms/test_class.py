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
