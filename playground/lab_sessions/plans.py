"""What a visitor may ask of a new session, checked. Pure but for the settings."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from playground.hosting.host import parse_speed, speed_word
from playground.lab_sessions.problems import Invalid

_FIELDS = ("name", "nodes", "minutes", "speed", "seed")
_SEED_MAX = 2**31 - 1
_NAME_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True)
class Wishes:
    """A checked request for a session."""

    name: str
    nodes: int
    minutes: int
    speed: float
    seed: int


def read_wishes(body: Mapping[str, Any]) -> Wishes:
    """The wishes in a JSON body, with defaults. Raises Invalid, naming the field."""
    for name in body:
        if name not in _FIELDS:
            raise Invalid(f"unknown field {name!r}: give {', '.join(_FIELDS)}", field=name)
    most_nodes, most_minutes = (
        settings.PODYARD_SESSION_NODES_MAX,
        settings.PODYARD_SESSION_MINUTES_MAX,
    )
    seed = _whole(body, "seed", secrets.randbelow(_SEED_MAX), 0, _SEED_MAX)
    return Wishes(
        name=_name(body.get("name"), seed),
        nodes=_whole(body, "nodes", settings.PODYARD_SESSION_NODES, 0, most_nodes),
        minutes=_whole(body, "minutes", settings.PODYARD_SESSION_MINUTES, 1, most_minutes),
        speed=_speed(body.get("speed")),
        seed=seed,
    )


def _whole(body: Mapping[str, Any], field: str, default: int, least: int, most: int) -> int:
    value = body.get(field)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        message = f"{field} is {value!r}: give a whole number from {least} to {most}"
        raise Invalid(message, field=field)
    return value


def _speed(value: object) -> float:
    try:
        return parse_speed(settings.PODYARD_SESSION_SPEED if value is None else value)
    except ValueError as error:
        raise Invalid(str(error), field="speed") from None


def _name(value: object, seed: int) -> str:
    if value is None:
        return f"{_WORDS[seed % len(_WORDS)]}-{seed // len(_WORDS) % 100}"
    if not isinstance(value, str) or not 0 < len(value.strip()) <= _NAME_LENGTH_MAX:
        message = f"name is {value!r}: give a text of 1 to {_NAME_LENGTH_MAX} characters"
        raise Invalid(message, field="name")
    if not value.strip().isprintable():
        raise Invalid("name has characters that cannot be shown", field="name")
    return value.strip()


def speed_text(speed: float) -> str:
    """A speed as the database holds it."""
    return str(speed_word(speed))


_WORDS = (
    "harbor meadow orchard canyon lagoon summit delta forest prairie island glacier mesa reef "
    "valley dune fjord grove heath inlet knoll moor oasis plateau ridge shore spring tundra vale"
).split()
