"""A student's own facts: what the lobby and the strip beside the cluster show. Nobody else's."""

from __future__ import annotations

from typing import Any

from playground.classrooms.models import Classroom, Stage, Student
from playground.classrooms.progress import standing_of
from playground.classrooms.selectors import present, session_of
from playground.lab_sessions.models import Session


async def seat_body(room: Classroom, student: Student) -> dict[str, Any]:
    """As docs/protocol.md has it."""
    session_id = session_of(student)
    session = await Session.objects.filter(id=session_id).afirst() if session_id else None
    standing = await standing_of(session_id) if session_id else None
    return {
        "state": str(student.stage),
        "room": {
            "id": room.id,
            "title": room.title,
            "state": room.state,
            "code": room.code,
            "lesson": room.lesson,
            "starts_at": room.starts_at.isoformat() if room.starts_at is not None else "",
            "ends_at": room.ends_at.isoformat(),
            "frozen_at": room.frozen_at.isoformat() if room.frozen_at is not None else "",
            "allowed": room.allowed,
        },
        "student": {"id": student.id, "name": student.name, "pin": student.pin},
        "url": f"/s/{session_id}/" if session_id else "",
        "ends_at": session.expires_at.isoformat() if session is not None else "",
        "hand": student.hand_at.isoformat() if student.hand_at is not None else None,
        "teacher": student.help,
        "progress": standing.body() if standing is not None else None,
        "place": await _place(room, student),
    }


async def _place(room: Classroom, student: Student) -> int:
    """The place on the waiting list, from 1; 0: not on it."""
    if student.stage != Stage.WAITING:
        return 0
    waiting = present(room).filter(stage=Stage.WAITING)
    before = await waiting.filter(joined_at__lt=student.joined_at).acount()
    return int(before) + 1
