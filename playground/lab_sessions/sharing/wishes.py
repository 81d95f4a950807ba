"""What may be asked of a link, a person's role or a name, checked. Pure but for the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from playground.lab_sessions.problems import Invalid
from playground.lab_sessions.roles import FORK, SHARED_ROLES, Role

_FIELDS = ("role", "label", "minutes", "uses")
_LABEL_LENGTH_MAX = 60
_NAME_LENGTH_MAX = 40
_USES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class LinkWish:
    """A checked request for a link. `minutes`, `uses`: None is without end."""

    #: One of roles.SHARED_ROLES, or roles.FORK.
    role: str
    label: str = ""
    minutes: int | None = None
    uses: int | None = None


def read_link_wish(body: Mapping[str, Any]) -> LinkWish:
    """The wish in a JSON body. Raises Invalid, naming the field."""
    for name in body:
        if name not in _FIELDS:
            raise Invalid(f"unknown field {name!r}: give {', '.join(_FIELDS)}", field=name)
    return LinkWish(
        role=_use(body.get("role", Role.VIEWER.value)),
        label=_text(body.get("label", ""), "label", 0, _LABEL_LENGTH_MAX),
        minutes=_whole(body.get("minutes"), "minutes", settings.PODYARD_LINK_MINUTES_MAX),
        uses=_whole(body.get("uses"), "uses", _USES_MAX),
    )


def _use(value: object) -> str:
    words = [*(role.value for role in SHARED_ROLES), FORK]
    if value not in words:
        known = ", ".join(f"'{word}'" for word in words)
        raise Invalid(f"role is {value!r}: give one of {known}", field="role")
    return str(value)


def read_role(value: object, roles: tuple[Role, ...]) -> Role:
    """A role out of some. Raises Invalid."""
    if value not in [role.value for role in roles]:
        known = ", ".join(f"'{role.value}'" for role in roles)
        raise Invalid(f"role is {value!r}: give one of {known}", field="role")
    return Role(str(value))


def read_person_name(value: object) -> str:
    """A name that others will see. Raises Invalid."""
    return _text(value, "name", 1, _NAME_LENGTH_MAX)


def _text(value: object, field: str, least: int, most: int) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else None
    if text is None or not least <= len(text) <= most:
        raise Invalid(f"{field} is {value!r}: give {least} to {most} characters", field=field)
    if not text.isprintable():
        raise Invalid(f"{field} has characters that cannot be shown", field=field)
    return text


def _whole(value: object, field: str, most: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise Invalid(f"{field} is {value!r}: give a whole number from 1 to {most}", field=field)
    return value
