"""The gateway: a raw ASGI application that speaks Kubernetes for one door's clusters.

Every answer is a Status or the cluster's own; an exception never reaches the server as a page of
HTML. Server-neutral: daphne, uvicorn and the tests drive it alike.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeAlias

from cluster_engine.apimachinery.errors import ApiError, internal, not_found, unauthorized
from playground.gateway import http, websocket
from playground.gateway.door import Door, Grant, Scope
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
            with _Welcome(grant) as welcome:
                await http.serve(self._host(), grant, exchange)
            if welcome.is_over:
                await exchange.abandon(statuses.refusal(unauthorized()))
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
            with _Welcome(grant) as welcome:
                await websocket.serve(self._host(), grant, socket)
            if welcome.is_over:
                await socket.refuse(unauthorized())
        except ApiError as error:
            await socket.refuse(error)
        except UnknownCluster:
            await socket.refuse(_no_cluster())
        except websocket.Gone:
            return
        except Exception:
            logger.exception("a WebSocket failed in the gateway")
            await socket.refuse(internal("a fault of ours"))


class _Welcome:
    """While a caller is served: should they lose their rights, the serving stops at once."""

    def __init__(self, grant: Grant) -> None:
        self.is_over = False
        self._task = asyncio.current_task()
        self._hold = grant.hold(self._end)

    def __enter__(self) -> _Welcome:
        self._hold.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self._hold.__exit__(kind, error, trace)
        if not self.is_over or self._task is None:
            return False
        self._task.uncancel()
        return kind is asyncio.CancelledError

    def _end(self) -> None:
        self.is_over = True
        if self._task is not None:
            self._task.cancel()


def _no_cluster() -> ApiError:
    error = not_found("clusters", "")
    error.message = "this cluster is gone: its session has ended"
    return error
