"""All lessons of a folder, read once. A lesson with problems is left out; `check` says why."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from playground.lessons.format.lesson import Lesson
from playground.lessons.format.problems import Problem
from playground.lessons.format.reading import read

logger = logging.getLogger(__name__)


def check(folder: Path) -> tuple[dict[str, Lesson], list[Problem]]:
    """Every lesson without problems, by slug in order, and the problems of all others."""
    lessons: list[Lesson] = []
    problems: list[Problem] = []
    slugs: list[str] = []
    for path in sorted(folder.iterdir() if folder.is_dir() else []):
        if not (path / "lesson.yaml").exists() and not (path / "lesson.md").exists():
            continue
        slugs.append(path.name)
        lesson, found = read(path)
        problems += found
        if lesson is not None and not found:
            lessons.append(lesson)
    lessons.sort(key=lambda one: (one.order, one.slug))
    known = {lesson.slug: lesson for lesson in lessons}
    for lesson in lessons:
        for slug in lesson.requires:
            if slug not in slugs:
                file = str(folder / lesson.slug / "lesson.yaml")
                words = f"there is no lesson {slug!r}; lessons: {', '.join(slugs)}"
                problems.append(Problem(file, 1, "requires", words))
    return known, problems


class Library:
    """The lessons of the site."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lessons: Mapping[str, Lesson] | None = None

    def lessons(self) -> Mapping[str, Lesson]:
        """By slug, in their order."""
        if self._lessons is None:
            self._lessons, problems = check(self._folder)
            for problem in problems:
                logger.error("lesson left out: %s", problem.text())
        return self._lessons
