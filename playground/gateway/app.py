"""The gateway: a raw ASGI application that speaks Kubernetes for one door's clusters.

Every answer is a Status or the cluster's own; an exception never reaches the server as a page of
HTML. Server-neutral: daphne, uvicorn and the tests drive it alike.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from cluster_engine.apimachinery.errors import ApiError, internal, not_found
from playground.gateway import http, websocket
from playground.gateway.door import Door, Scope
from playground.hosting import statuses
from playground.hosting.host import ClusterHost, HostError, UnknownCluster

logger = logging.getLogger(__name__)

Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Manners:
    """How the gateway treats its callers."""

    request_bytes_max: int = 3 * 1024 * 1024
    #: Answers of at least so many bytes are compressed when asked; 0: never.
    gzip_bytes_min: int = 0
    #: Answers share a browser's origin with the site: no cookies in or out, and a sandbox.
    is_beside_a_site: bool = False


class Gateway:
    """Serves HTTP and WebSocket connections that a door admits."""

    def __init__(
        self, host: Callable[[], ClusterHost], door: Door, manners: Manners | None = None
    ) -> None:
        self._host = host
        self._door = door
        self._manners = manners or Manners()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            raise ValueError(f"cannot serve {scope['type']}")

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = http.Exchange(scope, receive, send, self._manners)
        try:
            grant = await self._door.admit(scope)
            await http.serve(self._host(), grant, exchange)
        except ApiError as error:
            await exchange.answer(statuses.refusal(error))
        except UnknownCluster:
            await exchange.answer(statuses.refusal(_no_cluster()))
        except HostError as error:
            await exchange.answer(statuses.refusal(internal(str(error))))
        except Exception:
            logger.exception("a request failed in the gateway")
            await exchange.answer(statuses.refusal(internal("a fault of ours")))

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = websocket.Socket(scope, receive, send, self._manners)
        try:
            await socket.wait_for_connect()
            grant = await self._door.admit(scope)
            await websocket.serve(self._host(), grant, socket)
        except ApiError as error:
            await socket.refuse(error)
        except UnknownCluster:
            await socket.refuse(_no_cluster())
        except websocket.Gone:
            return
        except Exception:
            logger.exception("a WebSocket failed in the gateway")
            await socket.refuse(internal("a fault of ours"))


def _no_cluster() -> ApiError:
    error = not_found("clusters", "")
    error.message = "this cluster is gone: its session has ended"
    return error
