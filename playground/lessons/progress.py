"""Where somebody stands in a lesson, as a value. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.lessons.checks.check import Check, Outcome
from playground.lessons.format.lesson import Lesson, StepKind
from playground.lessons.models import LessonRun, StepRun
from playground.lessons.templates import PREFIX


@dataclass(frozen=True, slots=True)
class Progress:
    """Where somebody stands. `step` and `step_title` are empty once all steps are done."""

    slug: str
    title: str
    done: int
    total: int
    step: str
    step_title: str
    #: Checks of the current step that hold, and how many it has.
    checks_passed: int
    checks_total: int
    #: Hints shown in the whole lesson.
    hints: int
    #: Since when on this step; once finished, when that was.
    since: datetime.datetime

    @property
    def is_finished(self) -> bool:
        """Whether all steps are done."""
        return self.done == self.total


def progress(
    lesson: Lesson,
    run: LessonRun,
    steps: Mapping[str, StepRun],
    outcomes: Sequence[tuple[Check, Outcome]],
) -> Progress:
    """The standing of a run."""
    number = lesson.index(run.current)
    current = lesson.steps[number] if number >= 0 else None
    record = steps.get(run.current)
    since = record.started_at if record is not None else run.finished_at or run.started_at
    return Progress(
        slug=lesson.slug,
        title=lesson.title,
        done=number if current is not None else len(lesson.steps),
        total=len(lesson.steps),
        step=current.id if current is not None else "",
        step_title=current.title if current is not None else "",
        checks_passed=sum(outcome.holds for _, outcome in outcomes),
        checks_total=len(current.checks) if current is not None else 0,
        hints=sum(one.hints for one in steps.values()),
        since=since,
    )


def frame(
    lesson: Lesson,
    run: LessonRun,
    steps: Mapping[str, StepRun],
    outcomes: Sequence[tuple[Check, Outcome]],
) -> dict[str, Any]:
    """The standing as the page is told it: see docs/protocol.md, `lesson`."""
    shown = progress(lesson, run, steps, outcomes)
    return {
        "type": "lesson",
        "slug": lesson.slug,
        "done": shown.done,
        "total": shown.total,
        "current": shown.step,
        "since": shown.since.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "steps": [_step(lesson, number, steps) for number in range(len(lesson.steps))],
        "checks": [
            {"says": check.says, "holds": outcome.holds, "missing": outcome.missing}
            for check, outcome in outcomes
        ],
    }


def _step(lesson: Lesson, number: int, steps: Mapping[str, StepRun]) -> dict[str, Any]:
    step = lesson.steps[number]
    record = steps.get(step.id)
    body: dict[str, Any] = {"id": step.id, "passed_at": None, "hints": [], "attempts": 0}
    if record is None:
        return body
    body["attempts"] = record.attempts
    body["hints"] = list(step.hints[: record.hints])
    if record.passed_at is not None:
        body["passed_at"] = record.passed_at.isoformat()
    choice = record.answer
    if step.kind is StepKind.QUESTION and choice is not None and choice < len(step.answers):
        answer = step.answers[choice]
        body["answer"] = {"choice": choice, "right": answer.is_right, "because": answer.because}
    return body


def lesson_body(lesson: Lesson) -> dict[str, Any]:
    """A lesson for the page: its texts, its manifests by file name; nothing that gives it away."""
    return {
        **lesson_summary(lesson),
        "intro": lesson.intro,
        "closing": lesson.closing,
        "files": dict(lesson.start.files),
        "steps": [
            {
                "id": step.id,
                "title": step.title,
                "kind": step.kind.value,
                "html": step.html,
                "hints": len(step.hints),
                "answers": [answer.html for answer in step.answers],
            }
            for step in lesson.steps
        ],
    }


def lesson_summary(lesson: Lesson) -> dict[str, Any]:
    """A lesson on a card."""
    return {
        "slug": lesson.slug,
        "title": lesson.title,
        "summary": lesson.summary,
        "minutes": lesson.minutes,
        "learn": list(lesson.learn),
        "requires": list(lesson.requires),
        "template": PREFIX + lesson.slug,
    }
