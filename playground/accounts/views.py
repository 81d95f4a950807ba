"""The pages about oneself: account, data, deletion, invitations, privacy.

They run below settings.LOGIN_PATHS, so they know of logins, and forgeries are refused there.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, TypeAlias

import orjson
from allauth.core import ratelimit
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import alogout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from playground.accounts.adapters import INVITATION
from playground.accounts.forms import DeleteByWordForm, DeleteForm, ProfileForm
from playground.accounts.people import visitor_for
from playground.accounts.personal_data import holdings
from playground.accounts.problems import LinkRefused
from playground.accounts.providers import providers
from playground.accounts.rights import Right
from playground.accounts.selectors import data_of, invitation_get, rights_of
from playground.accounts.services import (
    everything_erase,
    invitation_redeem,
    logins_end,
    person_ensure,
    profile_change,
)
from playground.accounts.visitors import Visitor, new_visitor, remember, visitor_of
from playground.site import errors

Page: TypeAlias = Callable[..., Coroutine[Any, Any, HttpResponse]]

#: Where each right leads.
DOORS = {Right.TEACH: "/teach/", Right.REVIEW: "/review/", Right.OPERATE: "/admin/"}


def page(*methods: str) -> Callable[[Page], Page]:
    """A page for these methods, never kept by the browser."""

    def decorate(function: Page) -> Page:
        @wraps(function)
        async def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            response = await function(request, **arguments)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return view

    return decorate


@page("GET", "HEAD", "POST")
async def account(request: HttpRequest) -> HttpResponse:
    """Who I am here: name and colour, logins, sessions, and what can be done with my data."""
    visitor, user = await _who(request)
    form = ProfileForm(request.POST or None, initial=visitor.body())
    if request.method == "POST" and form.is_valid():
        changed = await profile_change(visitor=visitor, **form.cleaned_data)
        response: HttpResponse = redirect("account")
        remember(request, response, changed)
        return response
    context = {
        "account": user,
        "form": form,
        "data": await data_of(visitor.id),
        "rights": [(right.group, DOORS[right]) for right in await rights_of(visitor.id)],
        "has_password": user is not None and user.has_usable_password(),
        "has_providers": bool(providers()),
        "has_email": settings.PODYARD_EMAIL != "none",
        "signup": settings.PODYARD_SIGNUP == "open",
    }
    response = await _render(request, "accounts/account.html", context)
    remember(request, response, visitor)
    return response


@page("GET", "HEAD")
async def data(request: HttpRequest) -> HttpResponse:
    """Everything that is stored about whoever asks, as one file."""
    visitor, _ = await _who(request)
    body = orjson.dumps(await data_of(visitor.id), option=orjson.OPT_INDENT_2)
    response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="podyard-my-data.json"'
    return response


@page("GET", "HEAD", "POST")
async def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account, or the guest, and what is stored about them. Asks first."""
    visitor, user = await _who(request)
    needs_password = user is not None and user.has_usable_password()
    form = (DeleteForm if needs_password else DeleteByWordForm)(request.POST or None)
    is_meant = request.method == "POST" and form.is_valid()
    if is_meant and (not needs_password or await _is_password(request, user, form)):
        await alogout(request)
        await everything_erase(visitor=visitor, user=user)
        response = await _render(request, "accounts/deleted.html", {"me": None})
        remember(request, response, new_visitor())
        return response
    return await _render(request, "accounts/delete.html", {"form": form, "account": user})


@page("POST")
async def logout_everywhere(request: HttpRequest) -> HttpResponse:
    """Every other browser is logged out; this one stays."""
    _, user = await _who(request)
    if user is None:
        return redirect("account")
    person = await logins_end(user=user, but_key=request.session.session_key)
    response: HttpResponse = redirect("account")
    remember(request, response, visitor_for(person))
    return response


@page("GET", "HEAD", "POST")
async def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation. Only a POST uses it up, so a preview of the link spoils nothing."""
    visitor, user = await _who(request)
    try:
        invitation = await invitation_get(token)
        if request.method == "POST" and invitation.right:
            right = await invitation_redeem(token=token, visitor=visitor)
            response: HttpResponse = redirect(DOORS[right] if right else "account")
            remember(request, response, visitor)
            return response
    except LinkRefused as refusal:
        return await sync_to_async(errors.page)(request, 404, str(refusal))
    if settings.PODYARD_ACCOUNTS:
        await request.session.aset(INVITATION, invitation.token_hash)
    context = {
        "invitation": invitation,
        "group": Right(invitation.right).group if invitation.right else "",
        "visitor": visitor,
        "account": user,
        "next": urlencode({"next": request.path}) if invitation.right else "",
    }
    return await _render(request, "accounts/welcome.html", context)


@require_safe
async def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, why and for how long."""
    return await _render(request, "accounts/privacy.html", {"holdings": holdings()})


async def _who(request: HttpRequest) -> tuple[Visitor, User | None]:
    """The person, or the guest; a cookie of an account that is not logged in counts for nothing."""
    user = await request.auser()
    if isinstance(user, User):
        return visitor_for(await person_ensure(user=user)), user
    visitor = visitor_of(request.COOKIES)
    if visitor is None or visitor.has_account:
        return new_visitor(), None
    return visitor, None


async def _is_password(request: HttpRequest, user: User | None, form: Any) -> bool:
    """As often as allauth lets one confirm a password."""
    is_allowed = await sync_to_async(ratelimit.consume)(request, action="reauthenticate", user=user)
    if not is_allowed:
        form.add_error("password", "Too many attempts. Wait a minute.")
        return False
    if user is not None and await user.acheck_password(form.cleaned_data["password"]):
        return True
    form.add_error("password", "This is not your password.")
    return False


async def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Templates may read the database, which is not for the event loop."""
    return await sync_to_async(render)(request, template, context)
