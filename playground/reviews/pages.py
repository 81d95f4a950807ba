"""The review desk's pages: a shell that the front end fills from the REST API, which decides who
may see what.
"""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from playground.accounts.rights import Right
from playground.accounts.selectors import has_right
from playground.accounts.visitors import visitor_of
from playground.lab_sessions.views import page


@page
async def desk(request: HttpRequest, submission_id: str = "") -> HttpResponse:
    """The list of submissions, or one of them."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    visitor = visitor_of(request.COOKIES)
    me = None if visitor is None else {"id": visitor.id, "name": visitor.name}
    is_reviewer = visitor is not None and await has_right(visitor.id, Right.REVIEW)
    context = {"data": {"me": me, "is_reviewer": is_reviewer}, "submission_id": submission_id}
    response = await sync_to_async(render)(request, "reviews/desk.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
async def with_slash(request: HttpRequest, submission_id: str = "") -> HttpResponse:
    """The address as people type it."""
    arguments = {"submission_id": submission_id} if submission_id else {}
    name = "review-submission" if submission_id else "review-desk"
    return redirect(name, **arguments, permanent=True)
