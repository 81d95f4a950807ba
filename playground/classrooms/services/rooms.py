"""A classroom's own life: made, opened, started, frozen, resumed, extended, ended."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from playground.accounts.visitors import Visitor
from playground.classrooms import clusters, codes
from playground.classrooms.life import IllegalEvent, RoomEvent, RoomState, after
from playground.classrooms.models import Classroom, Seat, Stage, Student
from playground.classrooms.plans import RoomWishes
from playground.classrooms.problems import NotNow
from playground.classrooms.results import result_keep
from playground.classrooms.selectors import (
    hub,
    lock_of,
    present,
    room_get,
    rooms_under_way,
    session_of,
    students_of,
)
from playground.classrooms.services.crowd import Outcome, each
from playground.classrooms.services.seats import seats_fill
from playground.lab_sessions.problems import TooMany

_CODE_TRIES = 8


async def classroom_create(
    *, wishes: RoomWishes, teacher: Visitor, site_url: str = ""
) -> Classroom:
    """A new classroom; its seats are made in the background. Raises TooMany."""
    most = settings.PODYARD_CLASSROOMS_PER_TEACHER_MAX
    if await rooms_under_way(teacher) >= most:
        raise TooMany(f"{most} of your classrooms are not over yet; end one first")
    room = Classroom(
        id=codes.new_id(),
        title=wishes.title,
        state=(RoomState.DRAFT if wishes.is_draft else RoomState.LOBBY).value,
        teacher=teacher.id,
        created_at=timezone.now(),
        starts_at=wishes.starts_at,
        ends_at=wishes.ends_at,
        minutes=wishes.minutes,
        seats_max=wishes.seats,
        nodes=wishes.nodes,
        speed=wishes.speed,
        template=wishes.template,
        lesson=wishes.lesson,
        manifests=wishes.manifests,
        faults=list(wishes.faults),
        is_reviewed=wishes.is_reviewed,
        site_url=site_url,
        allowed=[act.value for act in wishes.allowed],
    )
    await _save_with_code(room)
    hub().room(room.id)
    return room


async def _save_with_code(room: Classroom) -> None:
    for _ in range(_CODE_TRIES):
        room.code = codes.new_code()
        try:
            await room.asave(force_insert=True)
            return
        except IntegrityError:
            continue
    raise TooMany("no free join code was found; try again")


async def classroom_event(*, room: Classroom, event: RoomEvent) -> Outcome:
    """Something happens to the room; what came of it for its students. Raises NotNow."""
    async with lock_of(room.id):
        room = await room_get(room.id)
        before = room.state
        try:
            following = after(RoomState(before), event)
        except IllegalEvent as illegal:
            raise NotNow(str(illegal)) from None
        room.state = following.value
        outcome = await _MEANINGS[event](room)
    hub().room(room.id)
    return outcome


async def _open(room: Classroom) -> Outcome:
    await room.asave(update_fields=["state"])
    return Outcome()


async def _start(room: Classroom) -> Outcome:
    """Everybody in the lobby sits down."""
    now = timezone.now()
    lasts = room.ends_at - max(room.starts_at or room.created_at, room.created_at)
    room.started_at = now
    if room.starts_at is None or room.starts_at > now:
        room.ends_at = now + lasts
    room.starts_at = now
    await room.asave(update_fields=["state", "started_at", "starts_at", "ends_at"])
    return await seats_fill(room=room)


async def _freeze(room: Classroom) -> Outcome:
    """Clocks stop, and so does everybody's time."""
    room.frozen_at = timezone.now()
    await room.asave(update_fields=["state", "frozen_at"])

    async def freeze(student: Student) -> None:
        await clusters.cluster_freeze(session_of(student))

    return await each(await _working(room), freeze)


async def _resume(room: Classroom) -> Outcome:
    """Clocks run again; nobody has lost a minute."""
    span = timezone.now() - (room.frozen_at or timezone.now())
    room.frozen_at = None
    room.ends_at += span
    await room.asave(update_fields=["state", "frozen_at", "ends_at"])

    async def resume(student: Student) -> None:
        await clusters.cluster_resume(session_of(student), span)

    return await each(await _working(room), resume)


async def _end(room: Classroom) -> Outcome:
    """Results are kept; clusters can be looked at for a while, unused ones go."""
    room.ended_at = timezone.now()
    room.frozen_at = None
    room.ends_at = min(room.ends_at, room.ended_at)
    await room.asave(update_fields=["state", "ended_at", "frozen_at", "ends_at"])

    async def end(student: Student) -> None:
        await result_keep(student)
        await clusters.cluster_close(session_of(student))
        if student.stage in (Stage.WORKING, Stage.LOBBY, Stage.WAITING):
            student.stage = Stage.FINISHED
            student.finished_at = room.ended_at
        student.hand_at = None
        student.help = ""
        await student.asave(update_fields=["stage", "finished_at", "hand_at", "help"])

    outcome = await each(await students_of(room), end)
    async for seat in Seat.objects.filter(classroom=room, student=None):
        await clusters.cluster_end(seat.session)
        await seat.adelete()
    return outcome


_MEANINGS = {
    RoomEvent.OPEN: _open,
    RoomEvent.START: _start,
    RoomEvent.FREEZE: _freeze,
    RoomEvent.RESUME: _resume,
    RoomEvent.END: _end,
}


async def classroom_extend(*, room: Classroom, minutes: int) -> Outcome:
    """More time for everybody, and for the room."""
    span = datetime.timedelta(minutes=minutes)
    room.ends_at += span
    await room.asave(update_fields=["ends_at"])

    async def extend(student: Student) -> None:
        await clusters.cluster_extend(session_of(student), minutes)

    outcome = await each(await _working(room), extend)
    hub().room(room.id)
    return outcome


async def classroom_delete(*, room: Classroom) -> None:
    """Everything of a classroom goes, its clusters too."""
    async for seat in Seat.objects.filter(classroom=room):
        await clusters.cluster_end(seat.session)
    room_id = room.id
    await room.adelete()
    hub().room(room_id)


async def classrooms_forget_old(*, now: datetime.datetime) -> None:
    """Delete what is remembered of classrooms that have been over for long."""
    limit = now - datetime.timedelta(days=settings.PODYARD_CLASSROOM_RECORD_DAYS)
    await Classroom.objects.filter(state=RoomState.ENDED, ended_at__lt=limit).adelete()


async def _working(room: Classroom) -> list[Student]:
    return [one async for one in present(room).filter(stage=Stage.WORKING)]
