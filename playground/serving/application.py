"""The parts of the site put together, by path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, TypeAlias

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import URLPattern

from playground.classrooms.routing import websocket_urlpatterns as classroom_sockets
from playground.gateway.app import Gateway, Manners
from playground.hosting.selectors import site_host
from playground.lab_sessions.door import PREFIX, SessionDoor
from playground.live.routing import websocket_urlpatterns
from playground.serving import life
from playground.site.static import StaticFiles

Application: TypeAlias = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[Any]],
        Callable[[Any], Awaitable[None]],
    ],
    Awaitable[None],
]


def make_application() -> Application:
    """The site's ASGI application."""
    manners = Manners(
        request_bytes_max=settings.PODYARD_REQUEST_BYTES_MAX,
        gzip_bytes_min=settings.PODYARD_GZIP_BYTES_MIN,
        is_beside_a_site=True,
    )
    kubernetes = Gateway(site_host, SessionDoor(), manners)
    static = StaticFiles(settings.STATIC_URL, _static_folders())
    pages = ProtocolTypeRouter(
        {"http": get_asgi_application(), "websocket": _Routes(URLRouter(socket_patterns()))}
    )

    async def application(
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            await life.lifespan(receive, send)
            return
        await life.begin()
        path = scope["path"]
        if path.startswith(PREFIX):
            await kubernetes(scope, receive, send)
        elif path.startswith(settings.STATIC_URL) and scope["type"] == "http":
            await static(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return application


def socket_patterns() -> list[URLPattern]:
    """The addresses of every WebSocket of the site's pages."""
    return [*websocket_urlpatterns, *classroom_sockets]


class _Routes:
    """WebSockets to addresses that do not exist are closed, not crashed."""

    def __init__(self, router: URLRouter) -> None:
        self._router = router

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self._router(scope, receive, send)
        except ValueError as error:
            if not str(error).startswith("No route found"):
                raise
            await send({"type": "websocket.close", "code": 4404})


def _static_folders() -> list[Path]:
    return [settings.ROOT / "static" / "dist", Path(settings.STATIC_ROOT)]
