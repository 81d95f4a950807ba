"""The sessions' pages: landing, workspace, joining by a link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, TypeAlias

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from playground.accounts.context import account_links
from playground.accounts.visitors import Visitor, new_visitor, remember, visitor_of
from playground.hosting.host import HostError
from playground.lab_sessions.endings import reason_sentence
from playground.lab_sessions.models import Session
from playground.lab_sessions.plans import read_wishes
from playground.lab_sessions.problems import Ended, Full, Refused
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import (
    kind_for,
    rules,
    session_admit,
    session_get,
    sessions_shown,
    templates,
)
from playground.lab_sessions.sharing.links import link_join, link_of_secret
from playground.lab_sessions.waiting.services import session_ask
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
            return await _over(request, refusal, arguments.get("session_id", ""))
        except Refused as refusal:
            return await in_thread(errors.page)(request, refusal.status, refusal.message)
        except HostError as refusal:
            return await in_thread(errors.page)(request, 503, str(refusal))

    return view


@csrf_protect
@page
async def landing(request: HttpRequest) -> HttpResponse:
    """The first page. Its button works without scripts: a form that posts here."""
    visitor = visitor_of(request.COOKIES)
    if request.method == "POST":
        visitor = visitor or new_visitor()
        response = await _begin(request, visitor)
        remember(request, response, visitor)
        return response
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    context = {
        "sessions": await sessions_shown(visitor),
        "templates": [one for one in templates().all() if one.is_listed and not one.lesson],
        "import_bytes_max": settings.PODYARD_IMPORT_FILE_BYTES_MAX,
    }
    return await in_thread(render)(request, "landing.html", context)


async def _begin(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """To a new session; to the waiting room when there is no place."""
    wish = {"template": request.POST.get("template", "")}
    kind = await kind_for(visitor, wish["template"])
    try:
        session = await session_ask(
            wishes=read_wishes(wish, kind),
            visitor=visitor,
            address=client_address(request),
            kind=kind,
        )
    except Full as full:
        standing = full.beside.get("waiting")
        if standing is None:
            raise
        return redirect("waiting-room", ticket=standing["ticket"])
    return redirect("workspace", session_id=session.id)


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
        "account": account_links(visitor, request.path),
        "denied": sorted(await rules().denied(session.id, admission.role)),
        **await rules().page(session.id, visitor.id if visitor is not None else ""),
    }
    context = {"session": session, "data": data}
    response = await in_thread(render)(request, "lab_sessions/workspace.html", context)
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
    response = await in_thread(render)(request, "lab_sessions/join.html", context)
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


async def _over(request: HttpRequest, refusal: Refused, session_id: str) -> HttpResponse:
    """A session that has ended: why, when, and a new one like it."""
    session = await Session.objects.filter(id=session_id).afirst()
    context = {
        "message": refusal.message,
        "session": session,
        "reason": reason_sentence(session) if session is not None else "",
        "template": session.template if session is not None else "",
    }
    return await in_thread(render)(request, "lab_sessions/over.html", context, status=410)


def in_thread(function: Callable[..., HttpResponse]) -> Callable[..., Awaitable[HttpResponse]]:
    """Templates may read the database (the signed-in user), which is not for the event loop."""
    return sync_to_async(function, thread_sensitive=True)
