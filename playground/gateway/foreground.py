"""One cluster at the root of its own port, for `manage.py cluster`.

Served by uvicorn with httptools and uvloop: two to four times daphne's requests a second, and
sending waits for a slow reader. The site itself keeps daphne.
"""

from __future__ import annotations

import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from cluster_engine.apimachinery.errors import unauthorized
from cluster_engine.apiserver.requests import ADMIN
from playground.gateway.app import Gateway, Manners
from playground.gateway.door import Grant, Scope, bearer_token, header_values, is_web_token
from playground.hosting.host import ClusterHost, ClusterPlan
from playground.hosting.local import LocalHost

CLUSTER_ID = "foreground"
_KEEP_ALIVE_SECONDS = 180
_MESSAGE_BYTES_MAX = 16 * 1024 * 1024


class RootDoor:
    """Plain http: everyone is the administrator. With a token (https): whoever carries it is.

    A service account's token is left to the cluster.
    """

    def __init__(self, token: str = "") -> None:
        self._token = token

    async def admit(self, scope: Scope) -> Grant:
        """See door.Door.admit."""
        given = b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                given = value
        if not self._token and not given:
            return Grant(CLUSTER_ID, scope["path"], ADMIN)
        token = bearer_token(header_values(scope))
        if is_web_token(token):
            return Grant(CLUSTER_ID, scope["path"], None)
        if not self._token or secrets.compare_digest(token.encode(), self._token.encode()):
            return Grant(CLUSTER_ID, scope["path"], ADMIN)
        if token:
            raise unauthorized()
        return Grant(CLUSTER_ID, scope["path"], None)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where the server's certificate and key are."""

    certificate: Path
    key: Path


class _Server(uvicorn.Server):  # type: ignore[misc]
    """Says when it serves, and ends every stream before it stops."""

    def __init__(
        self, config: uvicorn.Config, host: LocalHost, plan: ClusterPlan, ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._host = host
        self._plan = plan
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Make the cluster, listen, tell."""
        await self._host.create(CLUSTER_ID, self._plan)
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, so that nothing is waited for."""
        await self._host.close_all()
        await super().shutdown(sockets)


def listen(port: int) -> socket.socket:
    """A socket on the loopback address; port 0 takes a free one. Raises OSError."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.set_inheritable(True)
    return listener


def run(
    *,
    plan: ClusterPlan,
    listener: socket.socket,
    ready: Callable[[], None],
    token: str = "",
    certificates: Certificates | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called when requests are answered."""
    host = LocalHost()

    def the_host() -> ClusterHost:
        return host

    config = uvicorn.Config(
        Gateway(the_host, RootDoor(token), Manners()),
        http="httptools",
        ws="wsproto",
        loop="uvloop",
        lifespan="off",
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=2,
        ws_max_size=_MESSAGE_BYTES_MAX,
        ssl_certfile=certificates.certificate if certificates else None,
        ssl_keyfile=certificates.key if certificates else None,
    )
    # uvicorn raises the signal that stopped it once more at the end: by then it is dealt with.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: None)
    _Server(config, host, plan, ready).run([listener])
