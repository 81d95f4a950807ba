"""What students do: join, come back elsewhere, raise a hand, let the teacher help, go."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from playground.accounts.visitors import Visitor
from playground.classrooms import clusters, codes
from playground.classrooms.life import RoomState
from playground.classrooms.models import Classroom, Help, Stage, Student
from playground.classrooms.problems import NameTaken, NotNow
from playground.classrooms.results import result_keep
from playground.classrooms.selectors import (
    hub,
    lock_of,
    present,
    room_get,
    session_of,
    student_get,
    student_of,
)
from playground.classrooms.services.seats import seat_free, seat_take
from playground.lab_sessions.problems import NotFound, TooMany
from playground.lab_sessions.roles import Role
from playground.lab_sessions.secrets import address_key
from playground.lab_sessions.selectors import allowances


async def student_join(*, room: Classroom, visitor: Visitor, name: str, address: str) -> Student:
    """Come in, as early or as late as one likes. Raises NotNow, NameTaken, TooMany."""
    _check_rate(f"join:{room.id}", address, settings.PODYARD_CLASSROOM_JOINS_PER_MINUTE_MAX)
    async with lock_of(room.id):
        room = await room_get(room.id)
        if not RoomState(room.state).is_open:
            raise NotNow("this class is over" if room.state == RoomState.ENDED else "not open yet")
        known = await student_of(room, visitor)
        if known is not None:
            return known
        student = await _enter(room, visitor, name)
        if RoomState(room.state).is_under_way:
            await seat_take(room=room, student=student)
    hub().student(room.id, student.id)
    return await student_get(room, student.id)


async def _enter(room: Classroom, visitor: Visitor, name: str) -> Student:
    most = room.seats_max + settings.PODYARD_CLASSROOM_WAITING_MAX
    if await present(room).acount() >= most:
        raise TooMany("this class and its waiting list are full")
    student = Student(
        id=codes.new_id(),
        classroom=room,
        visitor=visitor.id,
        name=name,
        key=codes.name_key(name),
        pin=codes.new_pin(),
        joined_at=timezone.now(),
    )
    try:
        await student.asave(force_insert=True)
    except IntegrityError:
        raise NameTaken(f"somebody here is called {name!r}; add a letter", field="name") from None
    return student


async def student_return(
    *, room: Classroom, visitor: Visitor, name: str, pin: str, address: str
) -> Student:
    """Come back on another device, with one's name and rejoin code. Raises NotFound, TooMany."""
    _check_rate(f"pin:{room.id}", address, settings.PODYARD_CLASSROOM_PINS_PER_MINUTE_MAX)
    student = await present(room).filter(key=codes.name_key(name), pin=codes.plain(pin)).afirst()
    if student is None:
        raise NotFound("no student here has that name and that rejoin code")
    if student.visitor == visitor.id:
        return student
    other = await student_of(room, visitor)
    if other is not None:
        raise NotNow(f"this browser is {other.name} already", field="name")
    await student_move(student=student, visitor=visitor)
    return student


async def student_move(*, student: Student, visitor: Visitor) -> None:
    """The student is that visitor from now on."""
    before, student.visitor = student.visitor, visitor.id
    await student.asave(update_fields=["visitor"])
    session_id = session_of(student)
    if session_id:
        person = Visitor(visitor.id, student.name, visitor.color)
        await clusters.student_moved(session_id, before, person)
    hub().student(student.classroom_id, student.id)


async def hand_set(*, student: Student, is_up: bool) -> None:
    """Raise or lower a hand."""
    if is_up and student.hand_at is None:
        student.hand_at = timezone.now()
        student.hands += 1
    elif not is_up:
        student.hand_at = None
    await student.asave(update_fields=["hand_at", "hands"])
    hub().student(student.classroom_id, student.id)


async def help_answer(*, room: Classroom, student: Student, is_welcome: bool) -> None:
    """Let the teacher in, or not, or no longer. Raises NotNow when the teacher is not asking."""
    if is_welcome and student.help != Help.ASKED:
        raise NotNow("your teacher has not asked")
    if not is_welcome and student.help == Help.NONE:
        raise NotNow("your teacher is not here")
    session_id = session_of(student)
    teacher = Visitor(room.teacher, "teacher", "slategray")
    if is_welcome:
        student.help, student.helps = Help.HELP, student.helps + 1
        role: Role | None = Role.TEACHER
    else:
        student.help, role = Help.LOOK, Role.VIEWER
    if session_id:
        await clusters.teacher_role(session_id, teacher, role)
    await student.asave(update_fields=["help", "helps"])
    hub().student(room.id, student.id)


async def student_finish(*, student: Student) -> None:
    """The student says it is done; the cluster stays."""
    await result_keep(student)
    if student.stage == Stage.WORKING:
        student.stage, student.finished_at = Stage.FINISHED, timezone.now()
        student.hand_at = None
        await student.asave(update_fields=["stage", "finished_at", "hand_at"])
        hub().student(student.classroom_id, student.id)


async def student_rename(*, student: Student, name: str) -> None:
    """Another name. Raises NameTaken."""
    student.name, student.key = name, codes.name_key(name)
    try:
        await student.asave(update_fields=["name", "key"])
    except IntegrityError:
        raise NameTaken(f"somebody here is called {name!r}", field="value") from None
    hub().student(student.classroom_id, student.id)


async def student_remove(*, room: Classroom, student: Student) -> None:
    """Out of the room: its cluster goes, its name is free, its seat is for the next."""
    student.stage, student.key, student.hand_at = Stage.REMOVED, "", None
    await student.asave(update_fields=["stage", "key", "hand_at"])
    await seat_free(room=room, student=student)
    hub().student(room.id, student.id)


def _check_rate(what: str, address: str, per_minute: int) -> None:
    is_fine = allowances().take(
        f"{what}:{address_key(address)}",
        time.monotonic(),
        per_second=per_minute / 60,
        burst=per_minute,
    )
    if not is_fine:
        raise TooMany("too many tries from your address; wait a minute")
