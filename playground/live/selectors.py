"""How the rest of the site gets at rooms and terminals."""

from __future__ import annotations

from typing import cast

from django.apps import apps

from playground.live.apps import LiveConfig
from playground.live.attendance import Attendance
from playground.live.rooms import Rooms
from playground.live.terminals import Terminals


def attendance() -> Attendance:
    """The open WebSockets of this process."""
    return cast(LiveConfig, apps.get_app_config("live")).attendance


def rooms() -> Rooms:
    """The rooms of this process."""
    return cast(LiveConfig, apps.get_app_config("live")).rooms


def terminals() -> Terminals:
    """The terminals of this process."""
    return cast(LiveConfig, apps.get_app_config("live")).terminals
