"""What every template knows of the person who looks at the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from playground.accounts.visitors import Visitor, visitor_of


def me(request: HttpRequest) -> dict[str, Any]:
    """`me`: the visitor, if any; `accounts_on`: whether one can sign up or log in. No query."""
    return {"me": visitor_of(request.COOKIES), "accounts_on": settings.PODYARD_ACCOUNTS}


def account_links(visitor: Visitor | None, back: str) -> dict[str, str]:
    """Where a page of a session leads: to one's own page, and for guests to an account.

    `back` is where they come back to when they have signed up.
    """
    links = {"page": reverse("account"), "sign_up": "", "log_in": ""}
    if settings.PODYARD_ACCOUNTS and (visitor is None or not visitor.has_account):
        query = urlencode({"next": back})
        links["sign_up"] = f"{reverse('account_signup')}?{query}"
        links["log_in"] = f"{reverse('account_login')}?{query}"
    return links
