"""Questions about classrooms. Nothing here changes anything."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet

from playground.accounts.rights import Right
from playground.accounts.selectors import has_right
from playground.accounts.visitors import Visitor
from playground.classrooms import codes
from playground.classrooms.apps import ClassroomsConfig
from playground.classrooms.hub import Hub
from playground.classrooms.life import RoomState
from playground.classrooms.models import Broadcast, Classroom, Seat, Stage, Student
from playground.lab_sessions.problems import Forbidden, NotFound
from playground.lab_sessions.rules import Act

_LISTED_MAX = 100
_BROADCASTS_SHOWN = 20


def hub() -> Hub:
    """Who is told of changes."""
    return _config().hub


def lock_of(room_id: str) -> asyncio.Lock:
    """Held while the seats of a room are given out."""
    locks = _config().locks
    lock = locks.get(room_id)
    if lock is None:
        lock = locks[room_id] = asyncio.Lock()
    return lock


def _config() -> ClassroomsConfig:
    return cast(ClassroomsConfig, apps.get_app_config("classrooms"))


def freeze_max() -> datetime.timedelta:
    """How long a classroom may stand still."""
    return datetime.timedelta(minutes=settings.PODYARD_CLASSROOM_FREEZE_MINUTES_MAX)


async def teacher_check(visitor: Visitor | None) -> Visitor:
    """The visitor, who may teach. Raises Forbidden."""
    if visitor is None or not await has_right(visitor.id, Right.TEACH):
        raise Forbidden("classrooms are made by teachers: ask for an account or a teacher's link")
    return visitor


async def room_open(room_id: str, visitor: Visitor | None) -> Classroom:
    """A classroom, for its teacher. Raises NotFound for everybody else."""
    room = await Classroom.objects.filter(id=room_id).afirst()
    if room is None or visitor is None or room.teacher != visitor.id:
        raise NotFound(f"there is no classroom {room_id}, or it is not yours")
    return room


async def room_get(room_id: str) -> Classroom:
    """A classroom as it is now. Raises NotFound."""
    room = await Classroom.objects.filter(id=room_id).afirst()
    if room is None:
        raise NotFound(f"there is no classroom {room_id}")
    return room


async def room_by_code(code: str) -> Classroom:
    """The classroom that a join code opens. Raises NotFound."""
    room = await Classroom.objects.filter(code=codes.plain(code)).afirst()
    if room is None or room.state == RoomState.DRAFT:
        raise NotFound("no classroom has that code; check it with your teacher")
    return room


async def rooms_of(visitor: Visitor) -> list[Classroom]:
    """The classrooms of a teacher, newest first."""
    rooms = Classroom.objects.filter(teacher=visitor.id).order_by("-created_at")[:_LISTED_MAX]
    return [room async for room in rooms]


async def student_of(room: Classroom, visitor: Visitor | None) -> Student | None:
    """Who a visitor is in a classroom; None for strangers and those who were removed."""
    if visitor is None:
        return None
    return await present(room).filter(visitor=visitor.id).afirst()


async def student_get(room: Classroom, student_id: str) -> Student:
    """One student of a classroom. Raises NotFound."""
    student = await present(room).filter(id=student_id).afirst()
    if student is None:
        raise NotFound(f"there is no student {student_id} in this classroom")
    return student


def present(room: Classroom) -> QuerySet[Student]:
    """The students of a room without those who were removed, in the order they came."""
    return (
        Student.objects.filter(classroom=room)
        .exclude(stage=Stage.REMOVED)
        .select_related("seat")
        .order_by("joined_at", "id")
    )


async def students_of(room: Classroom) -> list[Student]:
    """Everybody in a room, in the order they came."""
    return [student async for student in present(room)]


def session_of(student: Student) -> str:
    """The id of a student's session; empty while there is none. Needs `select_related("seat")`."""
    seat = getattr(student, "seat", None)
    return seat.session if seat is not None else ""


async def seat_by_session(session_id: str) -> Seat | None:
    """The seat whose cluster a session is."""
    seats = Seat.objects.select_related("classroom", "student")
    return await seats.filter(session=session_id).afirst()


async def broadcasts_for(room: Classroom, student: Student) -> list[dict[str, Any]]:
    """What the teacher said to a student, oldest first."""
    said = Broadcast.objects.filter(classroom=room, kind="message").order_by("-at")
    rows = [one async for one in said[: _BROADCASTS_SHOWN * 2]]
    mine = [one for one in rows if not one.students or student.id in one.students]
    return [
        {"text": one.text, "at": one.at.isoformat()} for one in reversed(mine[:_BROADCASTS_SHOWN])
    ]


async def denied_acts(session_id: str) -> frozenset[Act]:
    """A source of lab_sessions.rules: what the student of a session may not do."""
    seat = await seat_by_session(session_id)
    if seat is None:
        return frozenset()
    denied = frozenset(act for act in Act if act.value not in seat.classroom.allowed)
    if seat.classroom.state == RoomState.FROZEN:
        denied |= {Act.CLOCK}
    return denied


async def page_facts(session_id: str, visitor_id: str) -> dict[str, Any]:
    """A source of lab_sessions.rules: tells a student's page of its classroom."""
    seat = await seat_by_session(session_id)
    if seat is None or seat.student is None or seat.student.visitor != visitor_id:
        return {}
    room = seat.classroom
    facts = {
        "id": room.id,
        "code": room.code,
        "title": room.title,
        "ws": f"/ws/classrooms/{room.id}/seat/",
    }
    return {"classroom": facts}


@sync_to_async
def rooms_live() -> list[Classroom]:
    """Classrooms that are not over, for the caretaker."""
    return list(Classroom.objects.exclude(state=RoomState.ENDED).order_by("id"))


async def rooms_under_way(visitor: Visitor) -> int:
    """How many classrooms of a teacher are not over."""
    return await Classroom.objects.filter(~Q(state=RoomState.ENDED), teacher=visitor.id).acount()
