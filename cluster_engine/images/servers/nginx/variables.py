"""One request and its variables: what `$uri`, `$http_host` and the like stand for."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cluster_engine.images.servers.nginx.patterns import TooComplex, compile_pattern, search
from cluster_engine.images.servers.nginx.site import Site, VirtualServer
from cluster_engine.network.http import HttpRequest
from cluster_engine.runtime.system import System

_NAME = re.compile(r"\$(?:\{(\w+)\}|(\w+))", re.ASCII)
VALUE_CHARACTERS_MAX = 8_000


@dataclass(slots=True)
class Exchange:
    """A request on its way, and what has been found out about it."""

    request: HttpRequest
    system: System
    server: VirtualServer | None
    site: Site
    version: str
    #: The path as rewritten so far, decoded; the query without its question mark.
    uri: str = "/"
    arguments: str = ""
    status: int = 0
    upstream: str = ""
    captures: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    is_error_page: bool = False

    def __post_init__(self) -> None:
        self.arguments = self.request.path.partition("?")[2]

    @property
    def host(self) -> str:
        """The host that the request names, without a port."""
        given = self.request.headers.get("host", "").partition(":")[0].lower()
        if given:
            return given
        return self.server.names[0] if self.server is not None and self.server.names else ""

    @property
    def base_url(self) -> str:
        """Scheme, host and port, for redirects."""
        port = self.request.port or 80
        host = self.host or self.request.ip
        return f"http://{host}" if port == 80 else f"http://{host}:{port}"

    @property
    def credentials(self) -> str | None:
        """`user:password` of basic authentication."""
        scheme, _, data = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            return base64.b64decode(data, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return None

    def capture(self, found: re.Match[str]) -> None:
        """Remember the groups of a match as `$1`, and by their names."""
        self.captures = [group or "" for group in found.groups()]
        self.named.update({name: text or "" for name, text in found.groupdict().items()})


def expand(text: str, exchange: Exchange) -> str:
    """A text with its variables replaced."""
    if "$" not in text:
        return text
    value = _NAME.sub(lambda found: variable(found[1] or found[2], exchange), text)
    return value[:VALUE_CHARACTERS_MAX]


def variable(name: str, exchange: Exchange) -> str:
    """The value of one variable, empty when there is none."""
    if name.isdecimal():
        place = int(name) - 1
        return exchange.captures[place] if 0 <= place < len(exchange.captures) else ""
    if name in exchange.named:
        return exchange.named[name]
    request = exchange.request
    if name.startswith("http_"):
        return request.headers.get(name[5:].replace("_", "-"), "")
    if name.startswith("arg_"):
        return _argument(exchange.arguments, name[4:])
    if name.startswith("cookie_"):
        return _cookie(request.headers.get("cookie", ""), name[7:])
    found = _simple(name, exchange)
    return found if found is not None else _mapped(name, exchange)


def _simple(name: str, exchange: Exchange) -> str | None:
    request, system = exchange.request, exchange.system
    server = exchange.server
    names = server.names if server is not None else []
    if name in ("time_local", "time_iso8601"):
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        form = "%d/%b/%Y:%H:%M:%S +0000" if name == "time_local" else "%Y-%m-%dT%H:%M:%S+00:00"
        return moment.strftime(form)
    if name == "proxy_add_x_forwarded_for":
        before = request.headers.get("x-forwarded-for")
        return f"{before}, {request.source_ip}" if before else request.source_ip
    values = {
        "uri": exchange.uri,
        "document_uri": exchange.uri,
        "request_uri": request.path,
        "args": exchange.arguments,
        "query_string": exchange.arguments,
        "is_args": "?" if exchange.arguments else "",
        "request_method": request.method,
        "request": f"{request.method} {request.path} HTTP/1.1",
        "host": exchange.host or request.ip,
        "hostname": system.hostname,
        "server_name": names[0] if names else "",
        "server_addr": request.ip or system.ip,
        "server_port": str(request.port or 80),
        "server_protocol": "HTTP/1.1",
        "scheme": "http",
        "https": "",
        "remote_addr": request.source_ip,
        "remote_port": "40000",
        "remote_user": (exchange.credentials or "").partition(":")[0] or "-",
        "nginx_version": exchange.version,
        "status": str(exchange.status),
        "request_time": "0.000",
        "upstream_addr": exchange.upstream or "-",
        "upstream_response_time": "0.000" if exchange.upstream else "-",
        "msec": f"{system.now_ms / 1000:.3f}",
        "pid": str(system.pid),
        "connection": "1",
        "connection_requests": "1",
        "request_length": str(len(request.path) + len(request.body)),
        "request_body": request.body.decode("utf-8", "replace"),
        "content_type": request.headers.get("content-type", ""),
        "content_length": request.headers.get("content-length", ""),
    }
    return values.get(name)


def _mapped(name: str, exchange: Exchange) -> str:
    """The value of a variable that a `map` makes."""
    for directive in exchange.site.maps:
        source, target = directive.arguments
        if target != f"${name}" or directive.block is None or source == target:
            continue
        value, default = expand(source, exchange), ""
        for row in directive.block:
            wish = row.arguments[0] if row.arguments else ""
            if row.name == "default":
                default = wish
            elif row.name == value or _matches(row.name, value):
                return wish
        return default
    return ""


def _matches(wish: str, value: str) -> bool:
    if not wish.startswith("~"):
        return False
    ignores_case = wish.startswith("~*")
    try:
        pattern = compile_pattern(wish.lstrip("~*"), ignores_case=ignores_case)
    except TooComplex:
        return False
    return search(pattern, value) is not None


def _argument(query: str, name: str) -> str:
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        if key.lower() == name.lower():
            return value
    return ""


def _cookie(header: str, name: str) -> str:
    for pair in header.split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            return value
    return ""
