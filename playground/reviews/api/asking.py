"""What the desk's endpoints share: who asks, lists in pages, answers with a tag."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.http import HttpResponse

from playground.accounts.visitors import Visitor
from playground.lab_sessions.api.endpoint import ApiRequest, reply
from playground.lab_sessions.problems import Invalid, NotFound
from playground.lab_sessions.selectors import session_key
from playground.reviews.models import Submission
from playground.reviews.permissions import Standing, standing_of
from playground.reviews.selectors import LISTED_MAX, submission_find

_LIMIT = 50


async def person_of(asked: ApiRequest, session_id: str = "") -> Visitor | None:
    """Who asks: by the cookie, or by the token that is theirs in a session."""
    if asked.known_visitor is None and asked.secret and session_id:
        key = await session_key(session_id, asked.secret)
        asked.known_visitor = key.person if key is not None else None
    return asked.known_visitor


async def submission_of(
    asked: ApiRequest, submission_id: str
) -> tuple[Submission, Visitor, Standing]:
    """A submission, who asks, and what they are to it. Raises NotFound for strangers."""
    visitor = await person_of(asked, submission_id.rpartition("-")[0])
    submission = await submission_find(submission_id)
    standing = await standing_of(submission, visitor)
    if visitor is None:
        raise NotFound(f"there is no submission {submission_id}, or it is not yours to see")
    return submission, visitor, standing


def limit_of(asked: ApiRequest) -> int:
    """How many rows are asked for. Raises Invalid."""
    return number_of(asked.http.GET.get("limit"), "limit", 1, LISTED_MAX) or _LIMIT


def number_of(value: Any, field: str, least: int, most: int) -> int | None:
    """A whole number of a query or body; None without one. Raises Invalid."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isdecimal() and len(value) <= 15:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Invalid(f"{field} {value!r}: give {least} to {most}", field=field)
    return value


def text_of(body: dict[str, Any], field: str, default: str | None = None) -> str:
    """A text of a body. Raises Invalid."""
    value = body.get(field, default)
    if not isinstance(value, str):
        raise Invalid(f"{field} is {value!r}: give a text", field=field)
    return value


def tagged(asked: ApiRequest, value: dict[str, Any]) -> HttpResponse:
    """A list with an ETag; 304 for who has it already."""
    tag = f'"{hashlib.sha256(orjson.dumps(value)).hexdigest()[:24]}"'
    if asked.http.headers.get("if-none-match") == tag:
        response = HttpResponse(status=304)
    else:
        response = reply(value)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
