"""The Django application `lessons`."""

from __future__ import annotations

from django.apps import AppConfig


class LessonsConfig(AppConfig):
    """See the package."""

    name = "playground.lessons"
    label = "lessons"
    default_auto_field = "django.db.models.BigAutoField"
