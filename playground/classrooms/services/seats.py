"""Seats: made before anybody comes, given out in order, made anew, taken away.

Call with `selectors.lock_of(room)` held where seats are given out.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.utils import timezone

from playground.accounts.visitors import Visitor
from playground.classrooms import clusters
from playground.classrooms.life import RoomState
from playground.classrooms.models import Classroom, Seat, Stage, Student
from playground.classrooms.selectors import hub, lock_of, present, room_get
from playground.classrooms.services.crowd import Outcome, each
from playground.lab_sessions.problems import Refused

_MINUTE = datetime.timedelta(minutes=1)
_WAITS = (Stage.LOBBY, Stage.WAITING)


async def seat_warm(*, room: Classroom) -> bool:
    """Make one more seat ready, if the room should have one; False when it has enough."""
    room = await room_get(room.id)
    wanted = await _seats_wanted(room)
    if await Seat.objects.filter(classroom=room).acount() >= wanted:
        return False
    await _make(room)
    return True


async def _seats_wanted(room: Classroom) -> int:
    """How many seats there should be, taken ones included."""
    if room.state == RoomState.LOBBY:
        soon = timezone.now() + settings.PODYARD_CLASSROOM_WARM_MINUTES * _MINUTE
        return room.seats_max if room.starts_at is None or room.starts_at <= soon else 0
    if not RoomState(room.state).is_under_way:
        return 0
    taken = await Seat.objects.filter(classroom=room, student__isnull=False).acount()
    return min(room.seats_max, taken + settings.PODYARD_CLASSROOM_SPARE_SEATS)


async def _make(room: Classroom) -> Seat:
    session_id = await clusters.cluster_make(room)
    return await Seat.objects.acreate(
        classroom=room, session=session_id, made_at=timezone.now(), is_ready=True
    )


async def seats_fill(*, room: Classroom) -> Outcome:
    """Everybody who waits sits down, as long as there are seats; the lock is held."""
    waiting = [one async for one in present(room).filter(stage__in=_WAITS)]

    async def sit(student: Student) -> None:
        await _sit(room, student)

    outcome = Outcome()
    for student in waiting:
        found = await each([student], sit)
        outcome.done += found.done
        outcome.failed += found.failed
    return outcome


async def seat_take(*, room: Classroom, student: Student) -> None:
    """A student who has come late sits down, or waits; the lock is held."""
    try:
        await _sit(room, student)
    except Refused:
        await _stage(student, Stage.WAITING)


async def seat_free(*, room: Classroom, student: Student) -> None:
    """The student's cluster goes; whoever waits longest gets the place."""
    async with lock_of(room.id):
        seat = await Seat.objects.filter(student=student).afirst()
        if seat is not None:
            await clusters.cluster_end(seat.session)
            await seat.adelete()
        room = await room_get(room.id)
        if RoomState(room.state).is_under_way:
            await seats_fill(room=room)


async def seat_reset(*, room: Classroom, student: Student, session_id: str) -> None:
    """A new cluster in the start state under the same address. Raises Refused."""
    await clusters.cluster_reset(session_id)
    student.resets += 1
    student.fault = ""
    await student.asave(update_fields=["resets", "fault"])
    hub().student(room.id, student.id)


async def _sit(room: Classroom, student: Student) -> None:
    """Raises Refused when there is no seat, or none can be made."""
    seat = await _free_seat(room)
    if seat is None:
        await _stage(student, Stage.WAITING)
        return
    now = timezone.now()
    ends_at = min(now + room.minutes * _MINUTE, room.ends_at)
    person = Visitor(student.visitor, student.name, "slategray")
    await clusters.cluster_give(room, seat.session, student=person, ends_at=ends_at)
    if room.state == RoomState.FROZEN:
        await clusters.cluster_freeze(seat.session)
    seat.student = student
    await seat.asave(update_fields=["student"])
    student.started_at = student.started_at or now
    await _stage(student, Stage.WORKING)


async def _free_seat(room: Classroom) -> Seat | None:
    free = Seat.objects.filter(classroom=room, student=None, is_ready=True).order_by("id")
    async for seat in free:
        if clusters.alive([seat.session]):
            return seat
        await seat.adelete()
    if await Seat.objects.filter(classroom=room).acount() >= room.seats_max:
        return None
    return await _make(room)


async def _stage(student: Student, stage: Stage) -> None:
    student.stage = stage
    await student.asave(update_fields=["stage", "started_at"])
    hub().student(student.classroom_id, student.id)
