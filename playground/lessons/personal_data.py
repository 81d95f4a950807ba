"""What lessons store about people; see playground.accounts.personal_data."""

from __future__ import annotations

from playground.accounts.personal_data import Holding, Rows
from playground.lessons.models import LessonRun


async def _export(visitor_id: str) -> Rows:
    mine = LessonRun.objects.filter(session__members__visitor=visitor_id).distinct()
    return [
        {
            "lesson": run.slug,
            "session": run.session_id,
            "started": run.started_at.isoformat(),
            "finished": run.finished_at.isoformat() if run.finished_at else None,
            "steps": [
                {
                    "step": step.step,
                    "passed": step.passed_at.isoformat() if step.passed_at else None,
                    "attempts": step.attempts,
                    "hints": step.hints,
                }
                async for step in run.steps.order_by("started_at")
            ],
        }
        async for run in mine.order_by("started_at")
    ]


#: Nothing here names a person: what is known hangs on the session, moves and goes with it.
HOLDINGS = (
    Holding(
        key="lessons",
        what=(
            "Lessons: in which session, when each step began and was passed, how often it was "
            "tried, which hints were shown and answers given, and the cluster as it was when the "
            "current step began"
        ),
        why="To go on where you were, and to show a teacher who is stuck",
        how_long="As long as the record of the session",
        models=("lessons.lessonrun", "lessons.steprun", "lessons.checkpoint"),
        export=_export,
    ),
)
