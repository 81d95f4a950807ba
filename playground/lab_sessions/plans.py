"""What a visitor may ask of a new session, checked. Pure but for the settings."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from playground.hosting.host import parse_speed, speed_word
from playground.lab_sessions.kinds import Kind, policy_of
from playground.lab_sessions.problems import Invalid
from playground.lab_sessions.selectors import templates
from playground.lab_sessions.templates import Template

_FIELDS = ("name", "nodes", "minutes", "speed", "seed", "template")
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
    #: The name of what it starts from; empty: an empty cluster.
    template: str = ""


def read_wishes(body: Mapping[str, Any], kind: Kind = Kind.GUEST) -> Wishes:
    """The wishes in a JSON body, with the defaults of the template and the kind. Raises Invalid,
    naming the field."""
    for name in body:
        if name not in _FIELDS:
            raise Invalid(f"unknown field {name!r}: give {', '.join(_FIELDS)}", field=name)
    template, policy = _template(body.get("template")), policy_of(kind)
    nodes, minutes, speed = settings.PODYARD_SESSION_NODES, policy.minutes, body.get("speed")
    if template is not None:
        nodes, minutes = template.nodes, template.minutes or minutes
        speed = speed if speed is not None else template.speed or None
    chance = secrets.randbelow(_SEED_MAX)
    if template is not None and template.seed is not None:
        chance = template.seed
    seed = _whole(body, "seed", chance, 0, _SEED_MAX)
    return Wishes(
        name=_name(body.get("name"), seed),
        nodes=_whole(body, "nodes", nodes, 0, settings.PODYARD_SESSION_NODES_MAX),
        minutes=_whole(body, "minutes", minutes, 1, policy.minutes_max),
        speed=_speed(speed),
        seed=seed,
        template=template.name if template is not None else "",
    )


def wishes_body(wishes: Wishes) -> dict[str, Any]:
    """Wishes as `read_wishes` reads them."""
    return {
        "name": wishes.name,
        "nodes": wishes.nodes,
        "minutes": wishes.minutes,
        "speed": speed_word(wishes.speed),
        "seed": wishes.seed,
        "template": wishes.template,
    }


def read_name(value: object) -> str:
    """The name of a session that comes from elsewhere. Raises Invalid."""
    return _name(value, secrets.randbelow(_SEED_MAX))


def _template(value: object) -> Template | None:
    if value is None or value == "":
        return None
    found = templates().get(value) if isinstance(value, str) else None
    if found is None:
        known = ", ".join(template.name for template in templates().all() if template.is_listed)
        raise Invalid(f"template is {value!r}: give one of {known}", field="template")
    return found


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
