"""How far a student has come, as the lessons tell it; a room without a lesson has no progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.classrooms.selectors import hub, seat_by_session
from playground.lessons.models import StepRun
from playground.lessons.progress import Progress
from playground.lessons.selectors import progress_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Steps done and in all, the step at hand and since when (ISO time), hints shown."""

    done: int
    total: int
    step: str
    since: str
    hints: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether every step is done."""
        return self.total > 0 and self.done >= self.total

    def body(self) -> dict[str, Any]:
        """As the wall and the student's page have it."""
        return {"done": self.done, "total": self.total, "step": self.step, "since": self.since}


def standing(progress: Progress) -> Standing:
    """The part of a lesson's progress that classrooms show."""
    return Standing(
        done=progress.done,
        total=progress.total,
        step=progress.step_title,
        since=progress.since.isoformat(),
        hints=progress.hints,
    )


async def standing_of(session_id: str) -> Standing | None:
    """Where the student of a session stands; None without a lesson."""
    found = await progress_of(session_id)
    return None if found is None else standing(found)


async def step_seconds(session_id: str) -> dict[str, int]:
    """How long each step took that was passed, by its id, in the order they were done."""
    passed = StepRun.objects.filter(run__session=session_id, passed_at__isnull=False)
    return {
        one.step: int((one.passed_at - one.started_at).total_seconds())
        async for one in passed.order_by("started_at")
        if one.passed_at is not None
    }


async def progress_follow(session_id: str, progress: Progress) -> None:
    """A listener of lessons: the student of that session has come on."""
    seat = await seat_by_session(session_id)
    if seat is not None and seat.student_id is not None:
        hub().student(seat.classroom_id, seat.student_id)
