"""URLs and network troubles for curl and wget."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from cluster_engine.network.connection import NetworkError
from cluster_engine.shell.commands.command import UsageError


@dataclass(frozen=True, slots=True)
class Url:
    """The parts that a request needs; `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str


def parse_url(text: str, code: int = 3) -> Url:
    """A URL; `http://` may be left out. Raises UsageError."""
    full = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(full)
        port = parts.port
    except ValueError:
        raise UsageError(
            f"({code}) URL rejected: Port number was not a decimal number", code
        ) from None
    if parts.scheme not in ("http", "https"):
        raise UsageError(f'(1) Protocol "{parts.scheme}" not supported', 1)
    if not parts.hostname:
        raise UsageError(f"({code}) URL rejected: No host part in the URL", code)
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    default = 443 if parts.scheme == "https" else 80
    return Url(parts.scheme, parts.hostname, port or default, path)


def curl_trouble(error: NetworkError, url: Url, waited_ms: int) -> tuple[int, str]:
    """curl's exit code and text for a network error."""
    if error.kind in ("no such host", "dns timeout"):
        return 6, f"Could not resolve host: {url.host}"
    if error.kind == "timeout":
        place = f"{url.host} port {url.port} after {waited_ms} ms"
        return 28, f"Failed to connect to {place}: Timeout was reached"
    text = f"Failed to connect to {url.host} port {url.port} after 0 ms: Couldn't connect to server"
    if error.kind == "no route to host":
        text = f"Failed to connect to {url.host} port {url.port} after 0 ms: No route to host"
    return 7, text
