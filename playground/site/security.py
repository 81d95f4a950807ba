"""Headers for every page of the site, beside Django's own and the content security policy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@sync_and_async_middleware
def security_headers(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponse:
            response: HttpResponse = await _awaitable(get_response(request))
            return _marked(response)

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponse:
        return _marked(get_response(request))

    return synchronous


async def _awaitable(response: Awaitable[HttpResponse]) -> HttpResponse:
    return await response


def _marked(response: HttpResponse) -> HttpResponse:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
