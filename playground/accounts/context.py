"""What every template knows of the person who looks at the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from playground.accounts.visitors import visitor_of


def me(request: HttpRequest) -> dict[str, Any]:
    """`me`: the visitor, if any; `accounts_on`: whether one can sign up or log in. No query."""
    return {"me": visitor_of(request.COOKIES), "accounts_on": settings.PODYARD_ACCOUNTS}
