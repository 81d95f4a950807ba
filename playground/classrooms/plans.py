"""What a teacher may ask of a classroom, checked. Pure but for the settings."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime

from cluster_engine.faults.catalogue import FAULTS, Target
from playground.hosting.host import parse_speed
from playground.lab_sessions.plans import speed_text
from playground.lab_sessions.problems import Invalid, NotFound
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import templates
from playground.lessons.selectors import lesson_get, lessons_list

TITLE_LENGTH_MAX = 80
NAME_LENGTH_MAX = 40
MESSAGE_LENGTH_MAX = 500
_MINUTE = datetime.timedelta(minutes=1)
#: What students may do unless the teacher says otherwise.
ALLOWED_DEFAULT = (Act.CONSOLE, Act.CLOCK, Act.FORK, Act.EXPORT, Act.LESSON)
#: What can be broken before anything runs.
START_FAULTS = {name: one for name, one in FAULTS.items() if one.target is not Target.POD}
#: What a teacher may leave to students; a student's cluster is ended by leaving the room.
ALLOWABLE = tuple(act for act in Act if act is not Act.END)


@dataclass(frozen=True, slots=True)
class RoomWishes:
    """A checked request for a classroom."""

    title: str
    starts_at: datetime.datetime | None
    ends_at: datetime.datetime
    minutes: int
    seats: int
    nodes: int
    speed: str
    template: str
    lesson: str
    manifests: str
    faults: tuple[str, ...]
    allowed: tuple[Act, ...]
    is_reviewed: bool
    is_draft: bool


_FIELDS = (
    "title starts_at ends_at minutes seats nodes speed template lesson manifests faults allowed "
    "review draft"
).split()


@dataclass(frozen=True, slots=True)
class Start:
    """What a template or a lesson says of the clusters that start from it; 0 and "": nothing."""

    name: str = ""
    nodes: int = 0
    minutes: int = 0
    speed: str = ""
    lesson: str = ""

    def over(self, other: Start) -> Start:
        """This one's words where it has any, else the other's."""
        return Start(
            name=self.name or other.name,
            nodes=self.nodes or other.nodes,
            minutes=self.minutes or other.minutes,
            speed=self.speed or other.speed,
            lesson=self.lesson or other.lesson,
        )


def read_wishes(body: Mapping[str, Any], now: datetime.datetime) -> RoomWishes:
    """The wishes in a JSON body, with defaults. Raises Invalid, naming the field."""
    for name in body:
        if name not in _FIELDS:
            raise Invalid(f"unknown field {name!r}: give {', '.join(_FIELDS)}", field=name)
    template, lesson = _template(body), _lesson(body)
    likely = Start(nodes=settings.PODYARD_SESSION_NODES, minutes=settings.PODYARD_CLASSROOM_MINUTES)
    for start in (template, lesson):
        likely = start.over(likely) if start is not None else likely
    minutes = whole(body, "minutes", likely.minutes, settings.PODYARD_SESSION_MINUTES_MAX)
    starts_at = _moment(body, "starts_at")
    starts = max(starts_at or now, now)
    ends_at = _moment(body, "ends_at") or starts + minutes * _MINUTE
    _check_span(starts, ends_at, now)
    return RoomWishes(
        title=title(body.get("title")),
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=minutes,
        seats=whole(
            body, "seats", settings.PODYARD_CLASSROOM_SEATS, settings.PODYARD_CLASSROOM_SEATS_MAX
        ),
        nodes=whole(body, "nodes", likely.nodes, settings.PODYARD_SESSION_NODES_MAX),
        speed=_speed(body.get("speed") or likely.speed or None),
        template=likely.name,
        lesson=likely.lesson,
        manifests=_text(body, "manifests", settings.PODYARD_MANIFEST_BYTES_MAX),
        faults=_faults(body),
        allowed=_allowed(body.get("allowed")),
        is_reviewed=body.get("review") is True,
        is_draft=body.get("draft") is True,
    )


def title(value: object) -> str:
    """A title as it may be shown. Raises Invalid."""
    return _line(value, "title", TITLE_LENGTH_MAX)


def nickname(value: object) -> str:
    """A student's name as it may be shown. Raises Invalid."""
    return " ".join(_line(value, "name", NAME_LENGTH_MAX).split())


def message(value: object) -> str:
    """What a teacher says to the class. Raises Invalid."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MESSAGE_LENGTH_MAX:
        raise Invalid(f"value: give a text of 1 to {MESSAGE_LENGTH_MAX} characters", field="value")
    return value.strip()


def whole(body: Mapping[str, Any], field: str, default: int, most: int) -> int:
    """A whole number from 1. Raises Invalid."""
    value = body.get(field)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        message = f"{field} is {value!r}: give a whole number from 1 to {most}"
        raise Invalid(message, field=field)
    return value


def minutes_of(value: object) -> int:
    """Minutes to add, as a number or a text. Raises Invalid."""
    most = settings.PODYARD_CLASSROOM_EXTEND_MINUTES_MAX
    try:
        minutes = int(str(value))
    except ValueError:
        minutes = 0
    if not 1 <= minutes <= most:
        raise Invalid(f"value is {value!r}: give 1 to {most} minutes", field="value")
    return minutes


def _line(value: object, field: str, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= most:
        raise Invalid(f"{field}: give a text of 1 to {most} characters", field=field)
    if not value.strip().isprintable():
        raise Invalid(f"{field} has characters that cannot be shown", field=field)
    return value.strip()


def _text(body: Mapping[str, Any], field: str, most: int) -> str:
    value = body.get(field)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise Invalid(f"{field}: give a text of at most {most} characters", field=field)
    return value.strip()


def _words(body: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = body.get(field) or []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise Invalid(f"{field}: give a list of names", field=field)
    return tuple(dict.fromkeys(value))


def _template(body: Mapping[str, Any]) -> Start | None:
    name = _text(body, "template", 80)
    found = templates().get(name) if name else None
    if name and found is None:
        known = ", ".join(one.name for one in templates().all())
        raise Invalid(f"template is {name!r}: give one of {known}", field="template")
    if found is None:
        return None
    # A lesson brings its own start: applied with its template, it would begin with nobody there.
    name = "" if found.lesson else found.name
    return Start(name, found.nodes, found.minutes or 0, found.speed, found.lesson)


def _lesson(body: Mapping[str, Any]) -> Start | None:
    slug = _text(body, "lesson", 80)
    if not slug:
        return None
    try:
        lesson = lesson_get(slug)
    except NotFound:
        known = ", ".join(one.slug for one in lessons_list())
        raise Invalid(f"lesson is {slug!r}: give one of {known}", field="lesson") from None
    start = lesson.start
    return Start("", start.nodes or 0, 0, start.speed, slug)


def _faults(body: Mapping[str, Any]) -> tuple[str, ...]:
    words = _words(body, "faults")
    for word in words:
        if word not in START_FAULTS:
            raise Invalid(f"faults has {word!r}: give {', '.join(START_FAULTS)}", field="faults")
    return words


def _allowed(value: object) -> tuple[Act, ...]:
    if value is None:
        return ALLOWED_DEFAULT
    words = _words({"allowed": value}, "allowed")
    for word in words:
        if word not in ALLOWABLE:
            raise Invalid(f"allowed has {word!r}: give {', '.join(ALLOWABLE)}", field="allowed")
    return tuple(Act(word) for word in words)


def _moment(body: Mapping[str, Any], field: str) -> datetime.datetime | None:
    value = body.get(field)
    if value is None or value == "":
        return None
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise Invalid(f"{field} is {value!r}: give a time such as 2026-09-01T09:00Z", field=field)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _check_span(
    starts: datetime.datetime, ends_at: datetime.datetime, now: datetime.datetime
) -> None:
    if ends_at <= starts:
        raise Invalid("ends_at must be after starts_at, and after now", field="ends_at")
    days = settings.PODYARD_CLASSROOM_DAYS_AHEAD_MAX
    if starts - now > datetime.timedelta(days=days):
        raise Invalid(f"starts_at: at most {days} days ahead", field="starts_at")
    if ends_at - starts > settings.PODYARD_CLASSROOM_HOURS_MAX * 60 * _MINUTE:
        most = settings.PODYARD_CLASSROOM_HOURS_MAX
        raise Invalid(f"ends_at: a classroom lasts at most {most} hours", field="ends_at")


def _speed(value: object) -> str:
    try:
        return speed_text(parse_speed(settings.PODYARD_SESSION_SPEED if value is None else value))
    except ValueError as error:
        raise Invalid(str(error), field="speed") from None
