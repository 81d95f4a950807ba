"""A whole class as one file: per student the session's own file (cluster, timeline, what was done),
beside them the results and the record of what the teacher did.

Written as it is sent: never more than one student's file is in memory.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import AsyncIterator

import orjson

from playground.classrooms.models import Broadcast, Classroom, Deed, Student
from playground.classrooms.results import results_csv
from playground.classrooms.selectors import session_of, students_of
from playground.hosting.host import HostError
from playground.lab_sessions.archives.services import session_export
from playground.lab_sessions.models import Session
from playground.lab_sessions.problems import Refused

logger = logging.getLogger(__name__)

_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")


class _Chunks(io.RawIOBase):
    """What a zip writer has written and nobody has taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._waiting.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken


async def replay_zip(room: Classroom) -> AsyncIterator[bytes]:
    """The file, piece by piece."""
    out = _Chunks()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("results.csv", (await results_csv(room)).encode("utf-8-sig"))
        archive.writestr("record.json", await _record(room))
        yield out.take()
        for number, student in enumerate(await students_of(room), 1):
            name, data = await _file_of(number, student)
            archive.writestr(name, data)
            yield out.take()
    yield out.take()


async def _file_of(number: int, student: Student) -> tuple[str, bytes]:
    """A student's file, or a line that says why there is none."""
    base = f"students/{number:03}-{_NOT_IN_A_NAME.sub('-', student.name).strip('-') or 'student'}"
    session = await Session.objects.filter(id=session_of(student)).afirst()
    if session is None:
        return f"{base}.txt", b"never had a cluster\n"
    try:
        return f"{base}.zip", await session_export(session=session)
    except (Refused, HostError) as refusal:
        return f"{base}.txt", f"{refusal}\n".encode()


async def _record(room: Classroom) -> bytes:
    """What was done and said, oldest first."""
    names = {student.id: student.name for student in await students_of(room)}
    deeds = [
        {
            "at": one.at.isoformat(),
            "by": one.name,
            "action": one.action,
            "value": one.value,
            "students": [names.get(student, student) for student in one.students] or "all",
            "failures": one.failures,
        }
        async for one in Deed.objects.filter(classroom=room).order_by("at", "id")
    ]
    said = [
        {"at": one.at.isoformat(), "kind": one.kind, "text": one.text}
        async for one in Broadcast.objects.filter(classroom=room).order_by("at", "id")
    ]
    facts = {"title": room.title, "lesson": room.lesson, "template": room.template}
    record = {**facts, "done": deeds, "said": said}
    return orjson.dumps(record, option=orjson.OPT_INDENT_2)
