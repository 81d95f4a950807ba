"""What time does to classrooms, and seats that are made before anybody comes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from playground.classrooms.models import Classroom, Deed, Seat
from playground.hosting.local import LocalHost
from playground.lab_sessions.janitor import Janitor
from playground.lab_sessions.models import Session
from tests.playground.classrooms.school import School

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = datetime.timedelta(minutes=1)


def in_minutes(minutes: int) -> str:
    return (timezone.now() + minutes * MINUTE).isoformat()


async def state(school: School) -> str:
    return (await Classroom.objects.aget(id=school.room["id"])).state


async def test_a_class_starts_and_ends_on_time(school: School) -> None:
    await school.open(starts_at=in_minutes(10), minutes=30)
    ann = await school.join("Ann")
    now = timezone.now()
    due = await school.caretaker.sweep(now=now)
    assert due is not None
    assert due <= now + 10 * MINUTE
    assert await state(school) == "lobby"
    await school.caretaker.sweep(now=now + 10 * MINUTE)
    assert await state(school) == "running"
    assert (await school.seat(ann))["state"] == "working"
    await school.caretaker.sweep(now=now + 60 * MINUTE)
    assert await state(school) == "ended"
    assert (await school.seat(ann))["state"] == "finished"
    deeds = [(one.action, one.name) async for one in Deed.objects.order_by("id")]
    assert deeds == [("start", "the clock"), ("end", "the clock")]


async def test_a_frozen_class_runs_on_by_itself_in_the_end(school: School, settings: Any) -> None:
    settings.PODYARD_CLASSROOM_FREEZE_MINUTES_MAX = 5
    await school.open()
    await school.done("start")
    await school.done("freeze")
    now = timezone.now()
    await school.caretaker.sweep(now=now + 4 * MINUTE)
    assert await state(school) == "frozen"
    await school.caretaker.sweep(now=now + 6 * MINUTE)
    assert await state(school) == "running"


async def test_seats_are_made_shortly_before_the_start_and_not_earlier(school: School) -> None:
    await school.open(starts_at=in_minutes(120), seats=2)
    assert await school.warm() == 0
    room = await Classroom.objects.aget(id=school.room["id"])
    room.starts_at = timezone.now() + 20 * MINUTE
    await room.asave()
    assert await school.warm() == 2


async def test_while_a_class_runs_a_few_seats_are_kept_ready(school: School) -> None:
    await school.open(seats=10)
    await school.done("start")
    await school.join("Ann")
    assert await school.warm() == 2
    assert await Seat.objects.acount() == 3


async def test_a_seat_stands_still_until_somebody_sits_on_it(
    school: School, host: LocalHost
) -> None:
    await school.open(seats=1)
    await school.warm()
    seat = await Seat.objects.aget()
    session = await Session.objects.aget(id=seat.session)
    assert session.state == "reserved"
    assert (await host.clock(session.id)).is_paused
    await Janitor().sweep(now=timezone.now() + 12 * 60 * MINUTE)
    await session.arefresh_from_db()
    assert session.state == "reserved"


async def test_seats_that_nobody_took_go_with_the_class(school: School, host: LocalHost) -> None:
    await school.open(seats=2)
    await school.warm()
    sessions = [seat.session async for seat in Seat.objects.all()]
    await school.done("end")
    assert [host.has(session) for session in sessions] == [False, False]
    assert not await Seat.objects.aexists()


async def test_the_janitor_leaves_a_frozen_class_alone(school: School, host: LocalHost) -> None:
    await school.open(minutes=10)
    await school.done("start")
    ann = await school.join("Ann")
    session = await Session.objects.aget(id=(await school.seat(ann))["url"].split("/")[2])
    before = session.expires_at
    await school.done("freeze")
    await Janitor().sweep(now=timezone.now() + 60 * MINUTE)
    await session.arefresh_from_db()
    assert session.state == "running"
    room = await Classroom.objects.aget(id=school.room["id"])
    room.frozen_at = timezone.now() - 30 * MINUTE
    await room.asave()
    await school.done("resume")
    await session.arefresh_from_db()
    gained = session.expires_at - before
    assert 30 * MINUTE <= gained < 31 * MINUTE
    assert session.due_at is not None


async def test_time_per_student_ends_with_the_student_done(school: School) -> None:
    await school.open(minutes=10, ends_at=in_minutes(60))
    await school.done("start")
    ann = await school.join("Ann")
    await Janitor().sweep(now=timezone.now() + 11 * MINUTE)
    seat = await school.seat(ann)
    assert (seat["state"], seat["room"]["state"]) == ("finished", "running")
    await school.done("extend", value=20, students=[seat["student"]["id"]])
    assert (await school.seat(ann))["state"] == "working"


async def test_old_classrooms_are_forgotten(school: School, settings: Any) -> None:
    await school.open()
    await school.done("end")
    days = settings.PODYARD_CLASSROOM_RECORD_DAYS
    await school.caretaker.sweep(now=timezone.now() + datetime.timedelta(days=days - 1))
    assert await Classroom.objects.aexists()
    await school.caretaker.sweep(now=timezone.now() + datetime.timedelta(days=days + 1))
    assert not await Classroom.objects.aexists()


async def test_a_start_state_that_is_refused_is_tried_again_later(school: School) -> None:
    await school.open(manifests="apiVersion: v1\nkind: Nonsense\n")
    assert await school.warm() == 0
    await school.done("start")
    ann = await school.join("Ann")
    assert (await school.seat(ann))["state"] == "waiting"
