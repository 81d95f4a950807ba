"""The Django application `lessons`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.apps import AppConfig, apps
from django.conf import settings

from playground.lessons.format.library import Library
from playground.lessons.templates import LessonTemplates

if TYPE_CHECKING:
    from playground.lab_sessions.apps import LabSessionsConfig
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
        sessions = cast("LabSessionsConfig", apps.get_app_config("lab_sessions"))
        sessions.templates.add(LessonTemplates(self.library))
