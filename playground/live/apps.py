"""The live application: the rooms and terminals of this process."""

from __future__ import annotations

from django.apps import AppConfig

from playground.live.attendance import Attendance
from playground.live.rooms import Rooms
from playground.live.terminals import Terminals


class LiveConfig(AppConfig):
    """Holds what lives as long as the process."""

    name = "playground.live"

    def ready(self) -> None:
        """Start empty."""
        self.attendance = Attendance()
        self.rooms = Rooms()
        self.terminals = Terminals()
