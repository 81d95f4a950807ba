"""What a teacher does to the students of a room: one, some, or all of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from cluster_engine.apiserver.requests import Source
from playground.accounts.visitors import Visitor
from playground.classrooms import clusters
from playground.classrooms.hub import News
from playground.classrooms.models import Broadcast, Classroom, Help, Stage, Student
from playground.classrooms.problems import NotNow
from playground.classrooms.selectors import hub, session_of
from playground.classrooms.services.crowd import Outcome, each
from playground.classrooms.services.seats import seat_reset
from playground.lab_sessions.roles import Role


async def message_send(
    *, room: Classroom, students: Sequence[Student], text: str, is_for_all: bool
) -> Outcome:
    """Say something; those who come later hear what was said to everybody."""
    now = timezone.now()
    named = [] if is_for_all else [student.id for student in students]
    await Broadcast.objects.acreate(
        classroom=room, kind="message", text=text, students=named, at=now
    )
    frame = {"type": "message", "text": text, "at": now.isoformat()}
    for student in students:
        hub().tell(News(room.id, student.id, say=frame))
    return Outcome(done=[student.id for student in students])


async def manifest_apply(
    *, room: Classroom, students: Sequence[Student], text: str, teacher: Visitor, is_for_all: bool
) -> Outcome:
    """Apply a text in every cluster, in the teacher's name."""
    named = [] if is_for_all else [student.id for student in students]
    await Broadcast.objects.acreate(
        classroom=room, kind="manifest", text=text, students=named, at=timezone.now()
    )
    caller = teacher.caller(Source.TEACHER)

    async def apply(student: Student) -> None:
        await clusters.cluster_apply(_cluster_of(student), text, caller)

    return await each(students, apply)


async def fault_break(
    *, room: Classroom, students: Sequence[Student], fault: str, teacher: Visitor
) -> Outcome:
    """Break the same thing for all of them."""

    async def break_(student: Student) -> None:
        await clusters.fault_set(_cluster_of(student), fault, teacher.caller(Source.TEACHER))
        await _mark_fault(student, fault)

    return await each(students, break_)


async def fault_mend(*, room: Classroom, students: Sequence[Student], teacher: Visitor) -> Outcome:
    """Undo what was broken."""

    async def mend(student: Student) -> None:
        await clusters.faults_mend(_cluster_of(student), teacher.caller(Source.TEACHER))
        await _mark_fault(student, "")

    return await each(students, mend)


async def _mark_fault(student: Student, fault: str) -> None:
    student.fault = fault
    await student.asave(update_fields=["fault"])
    hub().student(student.classroom_id, student.id)


async def review_set(
    *, room: Classroom, students: Sequence[Student], is_on: bool, site_url: str
) -> Outcome:
    """What students write waits for review, or no longer; who comes later is held back too."""
    room.is_reviewed, room.site_url = is_on, site_url
    await room.asave(update_fields=["is_reviewed", "site_url"])

    async def review(student: Student) -> None:
        await clusters.cluster_review(room, _cluster_of(student))

    outcome = await each([one for one in students if session_of(one)], review)
    hub().room(room.id)
    return outcome


async def students_reset(*, room: Classroom, students: Sequence[Student]) -> Outcome:
    """Back to the start state: new clusters under the same addresses."""

    async def reset(student: Student) -> None:
        await seat_reset(room=room, student=student, session_id=_cluster_of(student))

    return await each(students, reset)


async def students_extend(*, room: Classroom, students: Sequence[Student], minutes: int) -> Outcome:
    """More time for some; the room waits for them."""

    async def extend(student: Student) -> None:
        ends_at = await clusters.cluster_extend(_cluster_of(student), minutes)
        if ends_at is not None and ends_at > room.ends_at:
            room.ends_at = ends_at
        if student.stage == Stage.FINISHED:
            student.stage, student.finished_at = Stage.WORKING, None
            await student.asave(update_fields=["stage", "finished_at"])
        hub().student(room.id, student.id)

    outcome = await each(students, extend)
    await room.asave(update_fields=["ends_at"])
    hub().room(room.id)
    return outcome


async def student_look(*, room: Classroom, student: Student, teacher: Visitor) -> Outcome:
    """Open a student's cluster; the student is told."""
    session_id = _cluster_of(student)
    if student.help in (Help.NONE, Help.LOOK):
        await clusters.teacher_role(session_id, teacher, Role.VIEWER)
        await _help(student, Help.LOOK)
    return Outcome(done=[student.id], url=f"/s/{session_id}/")


async def student_help_ask(*, room: Classroom, student: Student, teacher: Visitor) -> Outcome:
    """Ask to be let in; the student answers."""
    session_id = _cluster_of(student)
    if student.help != Help.HELP:
        await clusters.teacher_role(session_id, teacher, Role.VIEWER)
        await _help(student, Help.ASKED)
    return Outcome(done=[student.id], url=f"/s/{session_id}/")


async def student_leave(*, room: Classroom, student: Student, teacher: Visitor) -> Outcome:
    """Look no longer, help no longer."""
    session_id = session_of(student)
    if session_id:
        await clusters.teacher_role(session_id, teacher, None)
    await _help(student, Help.NONE)
    return Outcome(done=[student.id])


async def _help(student: Student, word: Help) -> None:
    student.help = word
    await student.asave(update_fields=["help"])
    hub().student(student.classroom_id, student.id)


def _cluster_of(student: Student) -> str:
    session_id = session_of(student)
    if not session_id:
        raise NotNow("has no cluster yet")
    return session_id
