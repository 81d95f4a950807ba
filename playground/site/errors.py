"""Error pages, and the same errors as JSON below /api/."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

_TEXTS = {
    400: ("This request makes no sense", "The address or what was sent with it is malformed."),
    403: ("Not allowed", "This page is not for you, or it has been open for too long."),
    404: ("Nothing here", "The address is wrong, or what was here is gone."),
    410: ("This session has ended", "Its cluster is gone. A new one takes a second."),
    429: ("Too much at once", "Wait a minute, then try again."),
    500: ("Our fault", "Something broke here. It has been written down."),
    503: ("No room", "All places are taken. Try again in a few minutes."),
}
_CODES = {400: "bad-request", 403: "forbidden", 404: "not-found", 429: "too-many", 500: "fault"}


def page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """The error page of a status, with a message of its own if there is one."""
    title, text = _TEXTS.get(status, _TEXTS[500])
    context = {"status": status, "title": title, "text": message or text}
    return render(request, "errors/error.html", context, status=status)


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        error = {"code": _CODES[status], "message": _TEXTS[status][1]}
        return JsonResponse({"error": error}, status=status)
    return page(request, status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _answer(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429."""
    return _answer(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Renders without context processors, which may be what broke."""
    return _answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form from elsewhere."""
    return page(request, 403, "This form came from another site, or cookies are blocked.")
