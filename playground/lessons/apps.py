"""The Django application `lessons`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.conf import settings

from playground.lessons.format.library import Library

if TYPE_CHECKING:
    from playground.lessons.tracking import Tracker


class LessonsConfig(AppConfig):
    """Holds the site's lessons and who looks at their progress."""

    name = "playground.lessons"
    label = "lessons"
    default_auto_field = "django.db.models.BigAutoField"

    #: Its part of the REST API's description.
    openapi = "playground.lessons.api.openapi"
    #: Made when it is first asked for: see selectors.tracker.
    tracker: Tracker | None = None

    def ready(self) -> None:
        """Nothing is read before it is asked for."""
        self.library = Library(settings.PODYARD_LESSONS_DIR)
