"""Every lesson is a template, `lesson:<slug>`: sessions start with it like with any other."""

from __future__ import annotations

from collections.abc import Iterable

from playground.lab_sessions.templates import Template
from playground.lessons.format.lesson import Lesson
from playground.lessons.format.library import Library

PREFIX = "lesson:"


class LessonTemplates:
    """Fulfils `lab_sessions.templates.TemplateSource`.

    What a lesson's cluster begins with is put into it when the lesson begins
    (`services.lesson_start`), so the templates hold no manifests.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def all(self) -> Iterable[Template]:
        """In the order of the lessons."""
        return map(_template, self._library.lessons().values())

    def get(self, name: str) -> Template | None:
        """The template of one lesson."""
        lesson = self._library.lessons().get(name.removeprefix(PREFIX))
        return _template(lesson) if lesson is not None and name.startswith(PREFIX) else None


def _template(lesson: Lesson) -> Template:
    start = lesson.start
    return Template(
        name=PREFIX + lesson.slug,
        title=lesson.title,
        summary=lesson.summary,
        nodes=start.nodes if start.nodes is not None else 3,
        speed=start.speed,
        seed=start.seed,
        lesson=lesson.slug,
    )
