"""The teacher's actions by name: for whom, when, with what, and the record of each.

`perform` is the one door: it checks that the room is the teacher's, that the action makes sense
now, does it, and writes it down.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from playground.accounts.visitors import Visitor
from playground.classrooms import plans
from playground.classrooms.life import RoomEvent, RoomState
from playground.classrooms.models import Classroom, Student
from playground.classrooms.problems import NotNow
from playground.classrooms.selectors import room_open, students_of
from playground.classrooms.services import acts, rooms, students
from playground.classrooms.services.crowd import Outcome
from playground.classrooms.services.deeds import deed_note
from playground.lab_sessions.problems import Invalid, NotFound

_UNDER_WAY = (RoomState.RUNNING, RoomState.FROZEN)
_OPEN = (RoomState.LOBBY, *_UNDER_WAY)


class Whom(StrEnum):
    """Whom an action is for."""

    ROOM = "room"
    #: One, some or all.
    SOME = "some"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Call:
    """One use of an action."""

    room: Classroom
    teacher: Visitor
    students: list[Student]
    value: Any
    is_for_all: bool
    #: The site's address as the teacher sees it.
    site_url: str = ""

    @property
    def student(self) -> Student:
        """The one it is for."""
        return self.students[0]


@dataclass(frozen=True, slots=True)
class Action:
    """What a name means. `states`: when it makes sense."""

    whom: Whom
    states: tuple[RoomState, ...]
    do: Callable[[Call], Awaitable[Outcome]]


def available(room: Classroom) -> list[str]:
    """The names of the actions that make sense now."""
    return [name for name, action in ACTIONS.items() if room.state in action.states]


async def perform(
    room_id: str,
    *,
    visitor: Visitor | None,
    action: object,
    students: object,
    value: object,
    site_url: str = "",
) -> Outcome:
    """Carry out an action. Raises NotFound for strangers, Invalid, NotNow."""
    room = await room_open(room_id, visitor)
    assert visitor is not None
    meaning = ACTIONS.get(action) if isinstance(action, str) else None
    if meaning is None or not isinstance(action, str):
        names = ", ".join(ACTIONS)
        raise Invalid(f"action is {action!r}: give one of {names}", field="action")
    if room.state not in meaning.states:
        raise NotNow(f"a classroom that is {room.state} cannot do that: {action}")
    chosen, is_for_all = await _chosen(room, meaning, students)
    outcome = await meaning.do(Call(room, visitor, chosen, value, is_for_all, site_url))
    await deed_note(
        room=room,
        who=visitor,
        action=action,
        students=[] if is_for_all else [student.id for student in chosen],
        value=str(value) if value is not None else "",
        outcome=outcome,
    )
    return outcome


async def _chosen(room: Classroom, meaning: Action, students: object) -> tuple[list[Student], bool]:
    if meaning.whom is Whom.ROOM and not students:
        return [], True
    everybody = await students_of(room)
    if not students:
        if meaning.whom is Whom.ONE:
            raise Invalid("students: name the one it is for", field="students")
        return everybody, True
    if not isinstance(students, list) or not all(isinstance(one, str) for one in students):
        raise Invalid("students must be a list of ids", field="students")
    if meaning.whom is Whom.ROOM:
        raise Invalid("students: this is for the whole room; leave it out", field="students")
    return _named(everybody, students, is_one=meaning.whom is Whom.ONE), False


def _named(everybody: Sequence[Student], wanted: list[str], *, is_one: bool) -> list[Student]:
    by_id = {student.id: student for student in everybody}
    for one in wanted:
        if one not in by_id:
            raise NotFound(f"there is no student {one} in this classroom")
    if is_one and len(wanted) != 1:
        raise Invalid("students: this is for one student at a time", field="students")
    return [by_id[one] for one in dict.fromkeys(wanted)]


def _event(event: RoomEvent) -> Callable[[Call], Awaitable[Outcome]]:
    async def do(call: Call) -> Outcome:
        return await rooms.classroom_event(room=call.room, event=event)

    return do


async def _extend(call: Call) -> Outcome:
    minutes = plans.minutes_of(call.value)
    if call.is_for_all:
        return await rooms.classroom_extend(room=call.room, minutes=minutes)
    return await acts.students_extend(room=call.room, students=call.students, minutes=minutes)


async def _message(call: Call) -> Outcome:
    return await acts.message_send(
        room=call.room,
        students=call.students,
        text=plans.message(call.value),
        is_for_all=call.is_for_all,
    )


async def _manifest(call: Call) -> Outcome:
    if not isinstance(call.value, str) or not call.value.strip():
        raise Invalid("value: give the manifests as a text", field="value")
    return await acts.manifest_apply(
        room=call.room,
        students=_with_cluster(call.students),
        text=call.value,
        teacher=call.teacher,
        is_for_all=call.is_for_all,
    )


async def _break(call: Call) -> Outcome:
    if not isinstance(call.value, str) or not call.value:
        raise Invalid("value: give the name of a fault", field="value")
    return await acts.fault_break(
        room=call.room,
        students=_with_cluster(call.students),
        fault=call.value,
        teacher=call.teacher,
    )


async def _mend(call: Call) -> Outcome:
    return await acts.fault_mend(
        room=call.room, students=_with_cluster(call.students), teacher=call.teacher
    )


async def _reset(call: Call) -> Outcome:
    return await acts.students_reset(room=call.room, students=_with_cluster(call.students))


async def _review(call: Call) -> Outcome:
    if not isinstance(call.value, bool):
        raise Invalid("value: give true or false", field="value")
    return await acts.review_set(
        room=call.room,
        students=await students_of(call.room),
        is_on=call.value,
        site_url=call.site_url,
    )


async def _look(call: Call) -> Outcome:
    return await acts.student_look(room=call.room, student=call.student, teacher=call.teacher)


async def _help(call: Call) -> Outcome:
    return await acts.student_help_ask(room=call.room, student=call.student, teacher=call.teacher)


async def _leave(call: Call) -> Outcome:
    return await acts.student_leave(room=call.room, student=call.student, teacher=call.teacher)


async def _rename(call: Call) -> Outcome:
    name = plans.nickname(call.value)
    await students.student_rename(student=call.student, name=name)
    return Outcome(done=[call.student.id])


async def _remove(call: Call) -> Outcome:
    await students.student_remove(room=call.room, student=call.student)
    return Outcome(done=[call.student.id])


async def _lower_hand(call: Call) -> Outcome:
    for student in call.students:
        if student.hand_at is not None or not call.is_for_all:
            await students.hand_set(student=student, is_up=False)
    return Outcome(done=[student.id for student in call.students])


def _with_cluster(everybody: Sequence[Student]) -> list[Student]:
    """Of all, those who sit at a cluster; who was named and has none is told of instead."""
    seated = [student for student in everybody if getattr(student, "seat", None) is not None]
    return seated if seated else list(everybody)


ACTIONS: dict[str, Action] = {
    "open": Action(Whom.ROOM, (RoomState.DRAFT,), _event(RoomEvent.OPEN)),
    "start": Action(Whom.ROOM, (RoomState.DRAFT, RoomState.LOBBY), _event(RoomEvent.START)),
    "freeze": Action(Whom.ROOM, (RoomState.RUNNING,), _event(RoomEvent.FREEZE)),
    "resume": Action(Whom.ROOM, (RoomState.FROZEN,), _event(RoomEvent.RESUME)),
    "extend": Action(Whom.SOME, _OPEN, _extend),
    "end": Action(Whom.ROOM, (RoomState.DRAFT, *_OPEN), _event(RoomEvent.END)),
    "message": Action(Whom.SOME, _OPEN, _message),
    "manifest": Action(Whom.SOME, _UNDER_WAY, _manifest),
    "break": Action(Whom.SOME, _UNDER_WAY, _break),
    "mend": Action(Whom.SOME, _UNDER_WAY, _mend),
    "reset": Action(Whom.SOME, _UNDER_WAY, _reset),
    "review": Action(Whom.ROOM, (RoomState.DRAFT, *_OPEN), _review),
    "look": Action(Whom.ONE, (*_UNDER_WAY, RoomState.ENDED), _look),
    "leave": Action(Whom.ONE, (*_UNDER_WAY, RoomState.ENDED), _leave),
    "help": Action(Whom.ONE, _UNDER_WAY, _help),
    "rename": Action(Whom.ONE, _OPEN, _rename),
    "remove": Action(Whom.ONE, _OPEN, _remove),
    "lower-hand": Action(Whom.SOME, _OPEN, _lower_hand),
}
