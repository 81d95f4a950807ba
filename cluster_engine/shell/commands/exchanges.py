"""One HTTP exchange as curl and wget have it: what goes wrong, and how long that takes."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest, reason
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation

#: How long Linux tries to connect (tcp_syn_retries = 6), and how long a resolver waits.
CONNECT_MS = 129_872
RESOLVE_MS = 20_000
#: Milliseconds that a timer is late.
LATE_MS = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no reply. `kind` is that of NetworkError, or "reset"; `after_ms` the time it
    took to know."""

    kind: str
    after_ms: int = 0
    #: The caller's own limit was reached.
    is_limit: bool = False


def exchange(
    invocation: Invocation, host: str, request: HttpRequest, port: int, limit_ms: int = 0
) -> HttpReply | Failure:
    """Ask a server, once; time passes when nobody answers, at most `limit_ms`."""

    def act() -> HttpReply | Failure:
        try:
            return invocation.system.http(host, request, port)
        except NetworkError as error:
            return Failure(error.kind)
        except Errno:
            return Failure("reset")

    result = invocation.once(act)
    if isinstance(result, HttpReply) or result.kind not in ("timeout", "dns timeout"):
        return result
    needed = CONNECT_MS if result.kind == "timeout" else RESOLVE_MS
    is_limit = 0 < limit_ms < needed
    taken = limit_ms + LATE_MS if is_limit else needed
    invocation.pause(taken)
    return Failure(result.kind, taken, is_limit)


def address_of(invocation: Invocation, host: str) -> str:
    """The address that is shown for a host."""

    def act() -> str:
        try:
            addresses = invocation.system.resolve(host)
        except NetworkError:
            addresses = []
        return addresses[0] if addresses else host

    return invocation.once(act)


def title(name: str) -> str:
    """A header's name as servers write it: "Content-Type"."""
    if name != name.lower():
        return name
    words = {"etag": "ETag", "www-authenticate": "WWW-Authenticate"}
    return words.get(name) or "-".join(part.capitalize() for part in name.split("-"))


def header_of(reply: HttpReply, name: str) -> str | None:
    """A header of a reply, however its name is written."""
    for key, text in reply.headers.items():
        if key.lower() == name:
            return text
    return None


def header_lines(reply: HttpReply) -> list[str]:
    """The status line and the headers."""
    lines = [f"HTTP/1.1 {reply.status} {reason(reply.status)}"]
    lines += [f"{title(name)}: {text}" for name, text in reply.headers.items() if text]
    if header_of(reply, "content-length") is None:
        lines.append(f"Content-Length: {len(reply.body)}")
    return lines
