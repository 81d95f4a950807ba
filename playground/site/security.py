"""Headers for every page of the site: what browsers may do with it.

One asynchronous middleware instead of Django's several, each of which would cost a change of thread
per request; what only the admin needs runs only there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.decorators import sync_and_async_middleware
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

_YEAR_SECONDS = 31_536_000
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@sync_and_async_middleware
def security_headers(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: a host name that is ours, the headers, and the length of the answer."""
    headers = {**_HEADERS, "Content-Security-Policy": build_policy()}
    if settings.SESSION_COOKIE_SECURE:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"

    def marked(response: HttpResponse) -> HttpResponse:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponse:
            return marked(_refused(request) or await get_response(request))

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponse:
        return marked(_refused(request) or get_response(request))

    return synchronous


def _refused(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request under a name that is not ours: plain, since a page may link."""
    try:
        request.get_host()
    except DisallowedHost:
        logger.warning("a request for another host name was refused")
        return HttpResponseBadRequest("not the name of this site\n", content_type="text/plain")
    return None


@sync_and_async_middleware
def login_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: what logging in needs (sessions, users, messages, forms), for its pages only.

    `settings.LOGIN_MIDDLEWARE` run below `settings.LOGIN_PATHS`, with their `process_view` hooks:
    that is where Django refuses forgeries.
    """
    chain = get_response
    view_hooks: list[Callable[..., HttpResponse | None]] = []
    for path in reversed(settings.LOGIN_MIDDLEWARE):
        chain = import_string(path)(chain)
        if hasattr(chain, "process_view"):
            view_hooks.insert(0, chain.process_view)

    def process_view(request: HttpRequest, *view: Any) -> HttpResponse | None:
        if _needs_login(request):
            for hook in view_hooks:
                response = hook(request, *view)
                if response is not None:
                    return response
        return None

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponse:
            chosen = chain if _needs_login(request) else get_response
            response: HttpResponse = await chosen(request)
            return response

        async def process_view_soon(request: HttpRequest, *view: Any) -> HttpResponse | None:
            return process_view(request, *view)

        asynchronous.process_view = process_view_soon  # type: ignore[attr-defined]
        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = (chain if _needs_login(request) else get_response)(request)
        return response

    synchronous.process_view = process_view  # type: ignore[attr-defined]
    return synchronous


def _needs_login(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.LOGIN_PATHS)
