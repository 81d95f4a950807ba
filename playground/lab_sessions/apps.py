"""The sessions' application."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings

from playground.hosting.quotas import Allowances
from playground.lab_sessions.access import AccessBook
from playground.lab_sessions.activity import Activity
from playground.lab_sessions.announcer import Announcer
from playground.lab_sessions.archives.parts import ArchiveParts
from playground.lab_sessions.archives.turns import Turns
from playground.lab_sessions.rules import Rules
from playground.lab_sessions.templates import Templates


class LabSessionsConfig(AppConfig):
    """Holds what is kept in memory: who may enter which session, and who listens."""

    name = "playground.lab_sessions"
    verbose_name = "Sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start with nothing known and nobody listening."""
        self.access_book = AccessBook()
        self.announcer = Announcer()
        self.activity = Activity()
        self.templates = Templates()
        self.waiting_turns = Turns(1)
        self.archive_parts = ArchiveParts()
        self.archive_turns = Turns(settings.PODYARD_IMPORTS_AT_ONCE_MAX)
        self.allowances = Allowances()
        self.rules = Rules()
