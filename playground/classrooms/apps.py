"""The Django application `classrooms`."""

from __future__ import annotations

from django.apps import AppConfig


class ClassroomsConfig(AppConfig):
    """See the package."""

    name = "playground.classrooms"
    label = "classrooms"
    default_auto_field = "django.db.models.BigAutoField"
