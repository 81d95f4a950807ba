"""Runs in memory: those whose steps may pass by themselves. The database stays the truth.

A run is loaded when its session has a lesson that is not finished, and dropped when the session
ends. All changes of one run go through its lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.utils import timezone

from playground.lab_sessions.life import State
from playground.lessons.checks.check import Check, Outcome
from playground.lessons.format.lesson import Lesson, Step
from playground.lessons.models import LessonRun, StepRun


@dataclass(eq=False, slots=True)
class Run:
    """A run with its lesson and what was last seen of its current step."""

    session_id: str
    lesson: Lesson
    record: LessonRun
    steps: dict[str, StepRun]
    outcomes: list[tuple[Check, Outcome]] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def step(self) -> Step | None:
        """The current step; None when all are done."""
        number = self.lesson.index(self.record.current)
        return self.lesson.steps[number] if number >= 0 else None

    def checks(self) -> list[Check]:
        """What must hold for the current step to pass: its own checks, and those that passed
        steps want kept."""
        number = self.lesson.index(self.record.current)
        if number < 0:
            return []
        kept = [check for one in self.lesson.steps[:number] if one.is_kept for check in one.checks]
        return [*self.lesson.steps[number].checks, *kept]


@sync_to_async
def run_load(session_id: str, lessons: Mapping[str, Lesson]) -> Run | None:
    """A session's run as the database has it; None without one, or when its lesson is gone.

    When the lesson was edited and the current step is gone, the run goes on with the first step
    that has not been passed.
    """
    record = LessonRun.objects.filter(session_id=session_id).first()
    lesson = lessons.get(record.slug) if record is not None else None
    if record is None or lesson is None:
        return None
    steps = {one.step: one for one in record.steps.all()}
    if record.current and lesson.index(record.current) < 0:
        _move(record, lesson, steps)
    return Run(session_id, lesson, record, steps)


def _move(record: LessonRun, lesson: Lesson, steps: dict[str, StepRun]) -> None:
    passed = {name for name, one in steps.items() if one.passed_at is not None}
    left = [step.id for step in lesson.steps if step.id not in passed]
    record.current = left[0] if left else ""
    record.finished_at = None if left else timezone.now()
    record.save(update_fields=["current", "finished_at"])
    if left:
        begun = StepRun.objects.get_or_create(
            run=record, step=left[0], defaults={"started_at": timezone.now()}
        )
        steps[left[0]] = begun[0]


@sync_to_async
def runs_open() -> list[str]:
    """Sessions that are not over and have a lesson that is not finished."""
    found = LessonRun.objects.filter(finished_at=None).exclude(session__state=State.ENDED)
    return list(found.values_list("session_id", flat=True))
