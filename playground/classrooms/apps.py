"""The Django application `classrooms`."""

from __future__ import annotations

import asyncio

from django.apps import AppConfig

from playground.classrooms.hub import Hub


class ClassroomsConfig(AppConfig):
    """Holds what lives as long as the process: who listens, and a lock per room."""

    name = "playground.classrooms"
    label = "classrooms"
    default_auto_field = "django.db.models.BigAutoField"
    #: Its part of the API's description.
    openapi = "playground.classrooms.api.openapi"

    def ready(self) -> None:
        """Start with nobody listening."""
        self.hub = Hub()
        self.locks: dict[str, asyncio.Lock] = {}
