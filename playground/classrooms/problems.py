"""Why a classroom refuses, beside what sessions refuse with (lab_sessions.problems)."""

from __future__ import annotations

from playground.lab_sessions.problems import Refused


class NotNow(Refused):
    """The classroom is in a state that does not allow it."""

    code = "not-now"
    status = 409


class NameTaken(Refused):
    """Somebody in the classroom has that name already."""

    code = "name-taken"
    status = 409
