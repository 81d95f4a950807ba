"""Doing the same for many students: a few at a time, and what went wrong for whom."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from playground.classrooms.models import Student
from playground.hosting.host import HostError
from playground.lab_sessions.problems import Refused


@dataclass(slots=True)
class Outcome:
    """For whom it was done, and for whom not and why."""

    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    #: Where to go now, for acts that open something.
    url: str = ""

    def body(self) -> dict[str, Any]:
        """As JSON."""
        failed = [{"student": student, "message": message} for student, message in self.failed]
        body: dict[str, Any] = {"done": self.done, "failed": failed}
        return {**body, "url": self.url} if self.url else body


async def each(students: Iterable[Student], do: Callable[[Student], Awaitable[None]]) -> Outcome:
    """Do it for every student; refusals are told, not raised."""
    gate = asyncio.Semaphore(max(1, settings.PODYARD_CLASSROOM_ACTIONS_AT_ONCE_MAX))
    outcome = Outcome()

    async def one(student: Student) -> None:
        async with gate:
            try:
                await do(student)
            except (Refused, HostError) as refusal:
                outcome.failed.append((student.id, str(refusal)))
            else:
                outcome.done.append(student.id)

    await asyncio.gather(*(one(student) for student in students))
    return outcome
