"""The form of a new classroom: from its fields to wishes, and what it shows again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from playground.classrooms.plans import (
    ALLOWABLE,
    ALLOWED_DEFAULT,
    START_FAULTS,
    RoomWishes,
    read_wishes,
)
from playground.lab_sessions.problems import Invalid
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import templates
from playground.lessons.selectors import lessons_list

_NUMBERS = ("minutes", "seats", "nodes")
_TEXTS = ("title", "starts_at", "template", "lesson", "manifests", "speed")
ALLOWED_WORDS = {
    Act.CONSOLE: "use the console",
    Act.CLOCK: "pause the clock and change its speed",
    Act.EXTEND: "give themselves more time",
    Act.SHARE: "share their cluster",
    Act.FORK: "copy their cluster into a session of their own",
    Act.EXPORT: "export their cluster",
    Act.FAULTS: "break things and mend them",
    Act.LESSON: "begin a step or the lesson again",
}


def read_form(fields: Any, now: datetime.datetime) -> RoomWishes:
    """The wishes that a posted form (a QueryDict) holds. Raises Invalid, naming the field."""
    body: dict[str, Any] = {}
    for name in _NUMBERS:
        value = fields.get(name, "").strip()
        if value:
            body[name] = int(value) if value.isdecimal() else value
    for name in _TEXTS:
        value = fields.get(name, "").strip()
        if value:
            body[name] = value
    body["review"] = fields.get("review") == "on"
    body["faults"] = [word for word in fields.getlist("faults") if word]
    body["allowed"] = [word for word in fields.getlist("allowed") if word]
    return read_wishes({"title": "", **body}, now)


async def form_context(fields: Mapping[str, str], problem: Invalid | None) -> dict[str, Any]:
    """What the form shows: what was typed, or the defaults."""
    is_new = not fields
    chosen = set(ALLOWED_DEFAULT) if is_new else set(fields.getlist("allowed"))  # type: ignore[attr-defined]
    broken = set() if is_new else set(fields.getlist("faults"))  # type: ignore[attr-defined]
    # What a template or a lesson says is only asked when nothing is typed.
    defaults = {"seats": settings.PODYARD_CLASSROOM_SEATS}
    return {
        "values": {**defaults, **{name: fields.get(name, "") for name in fields}},
        "allowed": [
            {"name": act.value, "text": ALLOWED_WORDS[act], "is_on": act.value in chosen}
            for act in ALLOWABLE
        ],
        "faults": [
            {"name": one.name, "title": one.title, "text": one.text, "is_on": one.name in broken}
            for one in START_FAULTS.values()
        ],
        "templates": [one for one in templates().all() if not one.lesson],
        "lessons": lessons_list(),
        "minutes_default": settings.PODYARD_CLASSROOM_MINUTES,
        "nodes_default": settings.PODYARD_SESSION_NODES,
        "seats_max": settings.PODYARD_CLASSROOM_SEATS_MAX,
        "minutes_max": settings.PODYARD_SESSION_MINUTES_MAX,
        "nodes_max": settings.PODYARD_SESSION_NODES_MAX,
        "problem": problem.message if problem is not None else "",
        "problem_field": problem.field if problem is not None else "",
    }
