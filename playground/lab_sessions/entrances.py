"""Pages on the way into a session: a copy by a link, a file, the line before a full site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from playground.accounts.visitors import new_visitor, remember, visitor_of
from playground.lab_sessions.archives.services import session_import
from playground.lab_sessions.problems import Invalid, TooLarge
from playground.lab_sessions.selectors import session_get
from playground.lab_sessions.sharing.forks import link_fork
from playground.lab_sessions.sharing.links import link_of_secret
from playground.lab_sessions.views import in_thread, page
from playground.lab_sessions.waiting.line import ticket_get, ticket_standing
from playground.lab_sessions.waiting.services import ticket_leave, ticket_see
from playground.site.addresses import client_address


@require_http_methods(("GET", "HEAD", "POST"))
@csrf_protect
@page
async def fork_link(request: HttpRequest, session_id: str, secret: str) -> HttpResponse:
    """A link to a copy: says what it is; the button makes the copy, this browser's own."""
    session = await session_get(session_id)
    visitor = visitor_of(request.COOKIES) or new_visitor()
    if request.method == "POST":
        twin = await link_fork(
            session=session, secret=secret, visitor=visitor, address=client_address(request)
        )
        response: HttpResponse = redirect("workspace", session_id=twin.id)
    else:
        await link_of_secret(session, secret, is_fork=True)
        address = {"session_id": session_id, "secret": secret}
        context = {"session": session, "action": reverse("fork-link", kwargs=address)}
        response = await in_thread(render)(request, "lab_sessions/fork.html", context)
        # As on the page of a link that lets in: see views.join.
        response["Referrer-Policy"] = "same-origin"
    remember(request, response, visitor)
    return response


@csrf_protect
@page
async def import_form(request: HttpRequest) -> HttpResponse:
    """A session from a file, without scripts."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("Choose a session file first.")
    if file.size is None or file.size > settings.PODYARD_IMPORT_FILE_BYTES_MAX:
        most = settings.PODYARD_IMPORT_FILE_BYTES_MAX
        raise TooLarge(f"The file has more than {most} bytes, the most that is accepted.")
    visitor = visitor_of(request.COOKIES) or new_visitor()
    session = await session_import(
        data=bytes(file.read()), visitor=visitor, address=client_address(request)
    )
    response: HttpResponse = redirect("workspace", session_id=session.id)
    remember(request, response, visitor)
    return response


@require_http_methods(("GET", "HEAD", "POST"))
@csrf_protect
@page
async def waiting_room(request: HttpRequest, ticket: str) -> HttpResponse:
    """Where one stands; the page asks again by itself, with scripts or without."""
    found = await ticket_get(ticket)
    if request.method == "POST":
        await ticket_leave(ticket=found)
        return redirect("landing")
    await ticket_see(ticket=found)
    if found.session_id is not None:
        return redirect("workspace", session_id=found.session_id)
    context = {"waiting": await ticket_standing(found)}
    response = await in_thread(render)(request, "lab_sessions/waiting.html", context)
    response["Cache-Control"] = "no-store"
    return response
