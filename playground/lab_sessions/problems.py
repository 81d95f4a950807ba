"""Why a session request is refused; the REST API and the pages show the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A refusal for the user: `code` is a word, `status` the HTTP status, `field` what is wrong."""

    code = "refused"
    status = 400

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        details: Mapping[str, Any] | None = None,
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        #: What a program may want to know beside the text.
        self.details = dict(details or {})
        #: What stands beside the error in an answer.
        self.beside = dict(beside or {})


class Invalid(Refused):
    """A value makes no sense."""

    code = "invalid"
    status = 422


class TooLarge(Refused):
    """More than is accepted."""

    code = "too-large"
    status = 413


class NotFound(Refused):
    """There is no such thing, or it is not for this visitor to know."""

    code = "not-found"
    status = 404


class Conflict(Refused):
    """It is not, or not any more, as the caller thinks."""

    code = "conflict"
    status = 409


class Forbidden(Refused):
    """The role does not allow it."""

    code = "forbidden"
    status = 403


class Ended(Refused):
    """The session is over."""

    code = "ended"
    status = 410


class LinkOver(Refused):
    """A link that was right once."""

    code = "ended"
    status = 410


class TooMany(Refused):
    """A limit is reached."""

    code = "too-many"
    status = 429


class Full(Refused):
    """The site has no room."""

    code = "full"
    status = 503
