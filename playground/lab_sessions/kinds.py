"""Kinds of sessions and how they live, from the settings."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings

from playground.lab_sessions.life import Notice, Policy


class Kind(StrEnum):
    """What a session was started as; it decides how long it lives."""

    GUEST = "guest"
    ACCOUNT = "account"
    CLASSROOM = "classroom"
    LESSON = "lesson"
    FORK = "fork"
    IMPORT = "import"


def policy_of(kind: str) -> Policy:
    """How sessions of that kind live."""
    common = {
        "minutes": settings.PODYARD_SESSION_MINUTES,
        "minutes_max": settings.PODYARD_SESSION_MINUTES_MAX,
        "extend_minutes": settings.PODYARD_SESSION_EXTEND_MINUTES,
        "extensions_max": settings.PODYARD_SESSION_EXTENSIONS_MAX,
        "idle_minutes": settings.PODYARD_SESSION_IDLE_MINUTES,
        "overtime_minutes": settings.PODYARD_SESSION_OVERTIME_MINUTES,
        "read_only_minutes": settings.PODYARD_SESSION_READ_ONLY_MINUTES,
        "hibernated_hours": settings.PODYARD_SESSION_HIBERNATED_HOURS,
        "record_days": settings.PODYARD_SESSION_RECORD_DAYS,
    }
    return Policy(**{**common, **settings.PODYARD_KINDS.get(kind, {})})


def notice() -> Notice:
    """When people are told what."""
    return Notice(
        first_minutes=settings.PODYARD_SESSION_WARNING_MINUTES_FIRST,
        last_minutes=settings.PODYARD_SESSION_WARNING_MINUTES_LAST,
        idle_minutes=settings.PODYARD_SESSION_IDLE_NOTICE_MINUTES,
        active_minutes=settings.PODYARD_SESSION_ACTIVE_MINUTES,
    )
