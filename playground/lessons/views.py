"""The lessons' pages: all of them, one of them, and its start."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_protect

from playground.accounts.visitors import new_visitor, remember, visitor_of
from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.problems import Full
from playground.lab_sessions.views import page
from playground.lab_sessions.waiting.services import session_ask
from playground.lessons.selectors import lesson_get, lesson_wishes, lessons_list
from playground.site.addresses import client_address

_render = sync_to_async(render, thread_sensitive=True)


@page
async def lessons(request: HttpRequest) -> HttpResponse:
    """Every lesson, a card each."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return await _render(request, "lessons/lessons.html", {"lessons": lessons_list()})


@csrf_protect
@page
async def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """What a lesson teaches, its steps, and the button that starts it."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = lesson_get(slug)
    before = [one for one in lessons_list() if one.slug in found.requires]
    return await _render(request, "lessons/lesson.html", {"lesson": found, "before": before})


@csrf_protect
@page
async def start(request: HttpRequest, slug: str) -> HttpResponse:
    """A session of one's own, in the start state of the lesson."""
    if request.method != "POST":
        return redirect("lesson", slug=slug)
    found = lesson_get(slug)
    visitor = visitor_of(request.COOKIES) or new_visitor()
    try:
        session = await session_ask(
            wishes=lesson_wishes(found),
            visitor=visitor,
            address=client_address(request),
            kind=Kind.LESSON,
        )
        response: HttpResponse = redirect("workspace", session_id=session.id)
    except Full as full:
        standing = full.beside.get("waiting")
        if standing is None:
            raise
        response = redirect("waiting-room", ticket=standing["ticket"])
    remember(request, response, visitor)
    return response
