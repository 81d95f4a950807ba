"""Why something about a lesson is refused."""

from __future__ import annotations

from playground.lab_sessions.problems import Refused


class NoLesson(Refused):
    """The session has none."""

    code = "no-lesson"
    status = 404


class WrongStep(Refused):
    """The lesson is elsewhere by now."""

    code = "wrong-step"
    status = 409
