"""proxy_pass: a request handed on to another server, and what is answered when that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from cluster_engine.images.servers.nginx.site import Location
from cluster_engine.images.servers.nginx.variables import Exchange, expand
from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno

if TYPE_CHECKING:
    from cluster_engine.images.servers.nginx.responding import Answerer

#: Headers that belong to one connection only, and those that we write ourselves.
_DROPPED = ("connection", "keep-alive", "transfer-encoding", "host", "content-length", "upgrade")
_OWN = ("server", "date", "connection", "transfer-encoding", "content-length")
HOPS_MAX = 5
_HOPS = "x-podyard-hops"


def forward(answerer: Answerer, location: Location, url: str, exchange: Exchange) -> HttpReply:
    """The other server's reply, or a page that says why there is none."""
    target = expand(url, exchange)
    _, _, rest = target.partition("://")
    place, slash, path = rest.partition("/")
    hops = _hops(exchange.request)
    if hops > HOPS_MAX:
        answerer.complain("error", "too many hops while connecting to upstream", exchange)
        return answerer.page(502)
    request = HttpRequest(
        exchange.request.method,
        _target(location, exchange, f"{slash}{path}" if slash else ""),
        {**_headers(location, place, exchange), _HOPS: str(hops + 1)},
        exchange.request.body,
    )
    servers = exchange.site.upstreams.get(place) or [place]
    turn = exchange.system.now_ms % len(servers) if len(servers) > 1 else 0
    failure: NetworkError | Errno | None = None
    for server in [*servers[turn:], *servers[:turn]]:
        host, _, port = server.partition(":")
        exchange.upstream = server if port else f"{server}:80"
        try:
            reply = exchange.system.http(host, request, int(port or 80))
        except (NetworkError, Errno, ValueError) as error:
            failure = error if isinstance(error, (NetworkError, Errno)) else Errno("EINVAL")
            _complain(answerer, failure, request, exchange)
            continue
        headers = {name: text for name, text in reply.headers.items() if name.lower() not in _OWN}
        return HttpReply(reply.status, reply.body, headers)
    is_late = isinstance(failure, NetworkError) and failure.kind == "timeout"
    return answerer.page(504 if is_late else 502)


def _target(location: Location, exchange: Exchange, replacement: str) -> str:
    """The path to ask for: the location's own part is replaced when `proxy_pass` has a path."""
    if replacement and location.modifier not in ("~", "~*", "@"):
        path = quote(replacement + exchange.uri[len(location.path) :])
    elif replacement:
        path = replacement
    else:
        path = quote(exchange.uri)
    return f"{path}?{exchange.arguments}" if exchange.arguments else path


def _headers(location: Location, place: str, exchange: Exchange) -> dict[str, str]:
    headers = {
        name: text for name, text in exchange.request.headers.items() if name not in _DROPPED
    }
    headers["host"] = place
    for name, value in location.scope.all("proxy_set_header"):
        text = expand(value, exchange)
        if text:
            headers[name.lower()] = text
        else:
            headers.pop(name.lower(), None)
    headers["connection"] = "close"
    return headers


def _hops(request: HttpRequest) -> int:
    text = request.headers.get(_HOPS, "0")
    return int(text) if text.isdecimal() else 0


def _complain(
    answerer: Answerer, failure: NetworkError | Errno, request: HttpRequest, exchange: Exchange
) -> None:
    kind = failure.kind if isinstance(failure, NetworkError) else ""
    if kind == "timeout":
        words = "upstream timed out (110: Operation timed out) while connecting to upstream"
    elif kind == "no route to host":
        words = "connect() failed (113: Host is unreachable) while connecting to upstream"
    elif kind in ("no such host", "dns timeout"):
        words = f"{exchange.upstream.partition(':')[0]} could not be resolved (3: Host not found)"
    elif kind:
        words = "connect() failed (111: Connection refused) while connecting to upstream"
    else:
        words = "upstream prematurely closed connection while reading response header"
    exchange.named["_upstream_url"] = f"http://{exchange.upstream}{request.path}"
    answerer.complain("error", words, exchange)
