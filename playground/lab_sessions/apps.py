"""The sessions' application."""

from __future__ import annotations

from django.apps import AppConfig

from playground.hosting.quotas import Allowances
from playground.lab_sessions.access import AccessBook
from playground.lab_sessions.activity import Activity
from playground.lab_sessions.announcer import Announcer
from playground.lab_sessions.rules import Rules


class LabSessionsConfig(AppConfig):
    """Holds what is kept in memory: who may enter which session, and who listens."""

    name = "playground.lab_sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start with nothing known and nobody listening."""
        self.access_book = AccessBook()
        self.announcer = Announcer()
        self.activity = Activity()
        self.allowances = Allowances()
        self.rules = Rules()
