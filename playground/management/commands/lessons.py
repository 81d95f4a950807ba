"""`manage.py lessons check [folder]`: what is wrong with lessons, with file, line and remedy."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from playground.lessons.format.library import check


class Command(BaseCommand):
    """See the module."""

    help = "Checks lessons: every problem with its file and line. See lessons/README.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What may be asked."""
        parser.add_argument("action", choices=["check"])
        parser.add_argument(
            "folder", nargs="?", default=str(settings.PODYARD_LESSONS_DIR), help="of lessons"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the problems, or what there is."""
        folder = Path(options["folder"])
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        lessons, problems = check(folder)
        for problem in problems:
            self.stdout.write(problem.text())
        if problems:
            raise CommandError(f"{len(problems)} problems; these lessons are not offered")
        for lesson in lessons.values():
            steps = f"{len(lesson.steps)} steps, {len(lesson.solutions)} solutions"
            self.stdout.write(f"{lesson.slug}: {lesson.title}, {lesson.minutes} min, {steps}")
