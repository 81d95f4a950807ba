"""The sessions' pages: landing, workspace, joining by a link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, TypeAlias

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from playground.hosting.host import HostError
from playground.lab_sessions.plans import read_wishes
from playground.lab_sessions.problems import Ended, Refused
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import (
    rules,
    session_admit,
    session_get,
    sessions_of_visitor,
)
from playground.lab_sessions.services import session_start
from playground.lab_sessions.sharing.links import link_join, link_of_secret
from playground.lab_sessions.visitors import new_visitor, remember, visitor_of
from playground.site import errors
from playground.site.addresses import client_address

Page: TypeAlias = Callable[..., Coroutine[Any, Any, HttpResponse]]


def page(function: Page) -> Page:
    """Show refusals as error pages."""

    @wraps(function)
    async def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
        try:
            return await function(request, **arguments)
        except Ended as refusal:
            return await _expired(request, refusal.message)
        except Refused as refusal:
            return await _in_thread(errors.page)(request, refusal.status, refusal.message)
        except HostError as refusal:
            return await _in_thread(errors.page)(request, 503, str(refusal))

    return view


@csrf_protect
@page
async def landing(request: HttpRequest) -> HttpResponse:
    """The first page. Its button works without scripts: a form that posts here."""
    visitor = visitor_of(request.COOKIES)
    if request.method == "POST":
        visitor = visitor or new_visitor()
        session = await session_start(
            wishes=read_wishes({}), visitor=visitor, address=client_address(request)
        )
        response: HttpResponse = redirect("workspace", session_id=session.id)
        remember(request, response, visitor)
        return response
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    mine = [admission.session for admission in await sessions_of_visitor(visitor)]
    return await _in_thread(render)(request, "landing.html", {"sessions": mine})


@require_safe
@page
async def workspace(request: HttpRequest, session_id: str) -> HttpResponse:
    """A session's page: the picture, the editor, the terminals."""
    visitor = visitor_of(request.COOKIES)
    admission = await session_admit(session_id, visitor=visitor)
    session = admission.session
    data = {
        "id": session.id,
        "name": session.name,
        "server": admission.path,
        "role": admission.role.value,
        "ws": f"/ws/sessions/{session.id}/",
        "denied": sorted(await rules().denied(session.id, admission.role)),
        **await rules().page(session.id, visitor.id if visitor is not None else ""),
    }
    context = {"session": session, "data": data}
    response = await _in_thread(render)(request, "lab_sessions/workspace.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(("GET", "HEAD", "POST"))
@csrf_protect
@page
async def join(request: HttpRequest, session_id: str, secret: str) -> HttpResponse:
    """A shared link: lets this browser in and remembers it.

    A person's browser says that it opens a page (Sec-Fetch-Mode, Sec-Fetch-Dest) and is let in at
    once. Whatever else fetches the link, such as a preview, gets a form and joins nobody.
    """
    session = await session_get(session_id)
    visitor = visitor_of(request.COOKIES) or new_visitor()
    if request.method == "POST" or _is_opened_by_a_person(request):
        await link_join(session=session, secret=secret, visitor=visitor)
        response: HttpResponse = redirect("workspace", session_id=session.id)
        remember(request, response, visitor)
        return response
    role = Role((await link_of_secret(session, secret)).role)
    context = {
        "session": session,
        "role": role.value,
        "may_edit": role.may_edit,
        "visitor": visitor,
        "action": reverse("join", kwargs={"session_id": session_id, "secret": secret}),
    }
    response = await _in_thread(render)(request, "lab_sessions/join.html", context)
    remember(request, response, visitor)
    # Not "no-referrer": with it browsers send "Origin: null", and the form is refused.
    response["Referrer-Policy"] = "same-origin"
    return response


def _is_opened_by_a_person(request: HttpRequest) -> bool:
    headers = request.headers
    return (
        headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest") == "document"
        and "prefetch" not in headers.get("Sec-Purpose", "")
    )


@require_safe
async def with_slash(request: HttpRequest, session_id: str) -> HttpResponse:
    """A session's address as people type it."""
    return redirect("workspace", session_id=session_id, permanent=True)


async def _expired(request: HttpRequest, message: str) -> HttpResponse:
    context = {"message": message}
    return await _in_thread(render)(request, "lab_sessions/expired.html", context, status=410)


def _in_thread(function: Callable[..., HttpResponse]) -> Callable[..., Awaitable[HttpResponse]]:
    """Templates may read the database (the signed-in user), which is not for the event loop."""
    return sync_to_async(function, thread_sensitive=True)
