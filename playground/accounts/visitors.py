"""People, guests or not: an id, a name and a colour in a signed cookie.

The cookie of an account's visitor says until when it counts; then the person logs in again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from cluster_engine.apiserver.requests import Caller, Source

COOKIE = "podyard_visitor"
_SALT = "podyard.visitor"
_AGE_SECONDS = 180 * 86400
_QUALITIES = (
    "amber brisk calm clever coral deft eager early fair gentle golden keen kind lively lucid "
    "merry nimble opal patient plucky quick quiet ready sage silver steady sunny swift tidy vivid"
).split()
_ANIMALS = (
    "badger beaver bison crane dolphin falcon finch fox gull hare heron ibis jay kestrel koala "
    "lark lynx marten moose newt octopus otter owl panda puffin raven seal stoat swan wren"
).split()
_HUES = 12


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a cookie of ours."""

    id: str
    name: str
    color: str
    #: Seconds since 1970 until which an account is logged in; 0: a guest.
    until: int = 0

    @property
    def has_account(self) -> bool:
        """Whether it was an account's when the cookie was made; `selectors.account_of` knows."""
        return self.until > 0

    def body(self) -> dict[str, str]:
        """As JSON."""
        return {"id": self.id, "name": self.name, "color": self.color}

    def caller(self, source: Source) -> Caller:
        """As clusters note who acts, and from where."""
        return Caller(self.id, self.name, source)


def new_visitor() -> Visitor:
    """Somebody new."""
    name = f"{secrets.choice(_QUALITIES)} {secrets.choice(_ANIMALS)}"
    hue = secrets.randbelow(_HUES) * (360 // _HUES)
    return Visitor(secrets.token_hex(8), name, f"hsl({hue} 55% 45%)")


def visitor_of(cookies: Mapping[str, str]) -> Visitor | None:
    """Whom a signed cookie names; None without one, or with one that we did not sign."""
    value = cookies.get(COOKIE)
    if not value:
        return None
    try:
        data = signing.loads(value, salt=_SALT, max_age=_AGE_SECONDS)
        until = int(data.get("until", 0))
        found = Visitor(str(data["id"]), str(data["name"]), str(data["color"]), until)
    except (signing.BadSignature, KeyError, TypeError, ValueError, AttributeError):
        return None
    return None if until and until <= time.time() else found


def cookie_of(visitor: Visitor) -> str:
    """The signed value of a visitor's cookie."""
    value: dict[str, str | int] = {**visitor.body()}
    if visitor.has_account:
        value["until"] = visitor.until
    return signing.dumps(value, salt=_SALT)


def remember(request: HttpRequest, response: HttpResponse, visitor: Visitor) -> None:
    """Give the browser the cookie of `visitor`."""
    is_account = visitor.has_account
    response.set_cookie(
        COOKIE,
        cookie_of(visitor),
        max_age=max(0, visitor.until - int(time.time())) if is_account else _AGE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
    )
