"""How sessions of each kind live. What a kind does not say is as `PODYARD_SESSION_…` says.

A value is a line of words, `minutes=60 extensions=2`; docs/sessions.md says what each word means.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from playground.settings.environment import text

WORDS = {
    "minutes": "minutes",
    "minutes-max": "minutes_max",
    "extend-minutes": "extend_minutes",
    "extensions": "extensions_max",
    "idle-minutes": "idle_minutes",
    "overtime-minutes": "overtime_minutes",
    "read-only-minutes": "read_only_minutes",
    "hibernated-hours": "hibernated_hours",
    "record-days": "record_days",
    "sessions": "sessions_max",
}


def _policy(name: str, default: str) -> dict[str, int]:
    """The defaults, then what the operator has set. Raises ImproperlyConfigured."""
    values: dict[str, int] = {}
    for source in (default, text(name, "")):
        for word in source.replace(",", " ").split():
            key, _, value = word.partition("=")
            if key not in WORDS or not value.isdecimal():
                known = ", ".join(f"{one}=<number>" for one in WORDS)
                raise ImproperlyConfigured(f"{name}: {word!r} is none of {known}")
            values[WORDS[key]] = int(value)
    return values


PODYARD_KINDS = {
    "guest": _policy("PODYARD_KIND_GUEST", ""),
    "account": _policy("PODYARD_KIND_ACCOUNT", "minutes-max=1440 hibernated-hours=720"),
    "classroom": _policy(
        "PODYARD_KIND_CLASSROOM", "extensions=0 idle-minutes=90 read-only-minutes=60"
    ),
    "lesson": _policy("PODYARD_KIND_LESSON", "minutes=120 hibernated-hours=168"),
    "fork": _policy("PODYARD_KIND_FORK", ""),
    "import": _policy("PODYARD_KIND_IMPORT", ""),
}
