"""The record of what was done in a classroom."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from playground.accounts.visitors import Visitor
from playground.audit.services import Who, audit_note
from playground.classrooms.models import Classroom, Deed
from playground.classrooms.services.crowd import Outcome

_VALUE_LENGTH_MAX = 200
#: Whose value says nothing about a person; the audit log is for good.
_VALUES_KEPT = ("extend", "break")


async def deed_note(
    *,
    room: Classroom,
    who: Visitor | None,
    action: str,
    students: Sequence[str] = (),
    value: str = "",
    outcome: Outcome | None = None,
) -> None:
    """Write down one act; without `who` the clock did it."""
    await Deed.objects.acreate(
        classroom=room,
        at=timezone.now(),
        visitor=who.id if who is not None else "",
        name=who.name[:60] if who is not None else "the clock",
        action=action,
        value=value[:_VALUE_LENGTH_MAX],
        students=list(students),
        failures=[list(pair) for pair in outcome.failed] if outcome is not None else [],
    )
    await audit_note(
        who=Who(who.id, who.name) if who is not None else None,
        action=f"classroom.{action}",
        subject=f"classroom {room.id}",
        data={
            "students": list(students),
            "value": value[:_VALUE_LENGTH_MAX] if action in _VALUES_KEPT else "",
            "failed": len(outcome.failed) if outcome is not None else 0,
        },
    )
