"""Questions about lessons and progress. Nothing here changes anything."""

from __future__ import annotations

from typing import Any, cast

from django.apps import apps

from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.plans import Wishes, read_wishes
from playground.lab_sessions.problems import NotFound
from playground.lessons.apps import LessonsConfig
from playground.lessons.format.lesson import Lesson
from playground.lessons.progress import Progress, frame, lesson_body, progress
from playground.lessons.runs import Run, run_load
from playground.lessons.templates import PREFIX
from playground.lessons.tracking import ProgressListener, Tracker


def _config() -> LessonsConfig:
    return cast(LessonsConfig, apps.get_app_config("lessons"))


def tracker() -> Tracker:
    """Who looks at the runs of this process."""
    config = _config()
    if config.tracker is None:
        config.tracker = Tracker()
    return config.tracker


def progress_listeners() -> list[ProgressListener]:
    """Called with a session's id and its `Progress` whenever that changes; add to it."""
    return tracker().listeners


def lessons_list() -> list[Lesson]:
    """Every lesson of the site, in its order."""
    return list(_config().library.lessons().values())


def lesson_get(slug: str) -> Lesson:
    """A lesson. Raises NotFound."""
    found = _config().library.lessons().get(slug)
    if found is None:
        raise NotFound(f"there is no lesson {slug!r}")
    return found


def lesson_wishes(lesson: Lesson) -> Wishes:
    """What a session for a lesson is asked to be like."""
    return read_wishes({"name": lesson.slug, "template": PREFIX + lesson.slug}, Kind.LESSON)


async def run_of(session_id: str) -> Run | None:
    """A session's run, None without a lesson (or with one that this site no longer has)."""
    held = tracker().runs.get(session_id)
    if held is not None:
        return held
    return await run_load(session_id, _config().library.lessons())


async def progress_of(session_id: str) -> Progress | None:
    """Where somebody stands; None in a session without a lesson."""
    run = await run_of(session_id)
    if run is None:
        return None
    return progress(run.lesson, run.record, run.steps, run.outcomes)


async def lesson_state(session_id: str) -> dict[str, Any]:
    """A session's lesson and where it stands, for the page: `{lesson, progress}`, both null in a
    session without one."""
    run = await run_of(session_id)
    if run is None:
        return {"lesson": None, "progress": None}
    shown = frame(run.lesson, run.record, run.steps, run.outcomes)
    return {"lesson": lesson_body(run.lesson), "progress": shown}
