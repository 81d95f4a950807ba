"""One cluster at the root of its own port, for `manage.py cluster`.

Served by uvicorn with httptools and uvloop: two to four times daphne's requests a second, and
sending waits for a slow reader. The site itself keeps daphne.
"""

from __future__ import annotations

import functools
import ipaddress
import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from cluster_engine.apimachinery.errors import forbidden, unauthorized
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

    A service account's token is left to the cluster. Over plain http pages of other sites are
    kept out: a browser would carry their requests here, and nothing else stands in the way.
    """

    def __init__(self, token: str = "") -> None:
        self._token = token

    async def admit(self, scope: Scope) -> Grant:
        """See door.Door.admit."""
        given = b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                given = value
            elif name == b"origin" and not self._token and not _is_loopback(_host_of(value)):
                raise forbidden("", "", "this request comes from another site's page; see --tls")
            elif name == b"host" and not self._token and not _is_address(_host_of(b"//" + value)):
                raise forbidden("", "", "reach this cluster by 127.0.0.1 or localhost")
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


@functools.lru_cache(maxsize=64)
def _host_of(address: bytes) -> str:
    try:
        return urlsplit(address.decode("latin-1")).hostname or ""
    except ValueError:
        return ""


def _is_loopback(name: str) -> bool:
    """Kubernetes' e2e tests send the Origin `http://localhost`."""
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)


@functools.lru_cache(maxsize=64)
def _is_address(name: str) -> bool:
    """An address cannot be made to point elsewhere, as a name of the page's own can."""
    if name == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


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
