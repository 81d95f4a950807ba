"""What the web servers of images have in common: they listen, answer whole requests, and log.

The network cuts requests out of the bytes and asks `http`; a server answers at once.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cluster_engine.images.servers import files
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH = 1, 2, 3, 15, 28
STDOUT, STDERR = 1, 2
FOREVER_MS = 2**62


class WebServer:
    """Listens on its ports, answers with `respond`, ends on the signals of `endings`."""

    ports: tuple[int, ...] = (80,)
    memory_bytes = 6 * 1024 * 1024
    #: The Server header; "": none.
    server = ""
    #: The signals that end it, in order; the others have their usual effect.
    endings: tuple[int, ...] = ()

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.listeners: list[int] = []
        self.ending = 0

    def step(self, system: System) -> Outcome:
        """Start listening; after that requests come by `http`."""
        if self.ending:
            self.ended(system)
            return Exited(0)
        if not self.listeners:
            code = self.prepare(system)
            if code is not None:
                return Exited(code)
            for port in self.ports_wanted(system):
                try:
                    self.listeners.append(system.listen(port, is_http=True))
                except Errno as error:
                    self.refused(system, port, error)
                    return Exited(1)
            system.report_usage(cpu_milli=1, memory_bytes=self.memory_bytes)
            self.started(system)
        if not self.listeners:
            return Waiting(until_ms=FOREVER_MS)
        return Waiting(readable=tuple(self.listeners))

    def signal(self, system: System, number: int) -> bool:
        """Take note of an ending."""
        del system
        if number not in self.endings:
            return False
        self.ending = number
        return True

    def http(self, system: System, request: HttpRequest) -> HttpReply:
        """Answer one request and log it."""
        reply = self.respond(system, request)
        if self.server:
            reply.headers.setdefault("Server", self.server)
        reply.headers.setdefault("Date", files.date(system.now_ms))
        self.log(system, request, reply)
        return reply

    def prepare(self, system: System) -> int | None:
        """Before listening; a code ends the program with it."""
        del system
        return None

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """Where to listen, from the arguments or by default."""
        del system
        return self.ports

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """The answer to one request."""
        raise NotImplementedError

    def started(self, system: System) -> None:
        """Say what the real server says when it is up."""

    def ended(self, system: System) -> None:
        """Say what the real server says when it ends."""

    def refused(self, system: System, port: int, error: Errno) -> None:
        """The port is taken."""
        text = f"listen tcp :{port}: bind: {error.text.lower()}\n"
        system.write(STDERR, text.encode())

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """What the real server logs of a request."""

    def option(self, *names: str, default: str = "") -> str:
        """The value of an option of the arguments: `-name value`, `--name=value` and the like."""
        words = self.arguments[1:]
        for place, word in enumerate(words):
            name, equals, value = word.partition("=")
            if name.lstrip("-") in names and name.startswith("-"):
                if equals:
                    return value
                following = words[place + 1 : place + 2]
                return following[0] if following else ""
        return default


def local_time(now_ms: int) -> str:
    """The time as access logs have it."""
    moment = datetime.fromtimestamp(now_ms // 1000, UTC)
    return moment.strftime("%d/%b/%Y:%H:%M:%S +0000")


def text_reply(text: str, status: int = 200, kind: str = "text/plain; charset=utf-8") -> HttpReply:
    """A short text."""
    return HttpReply(status, text.encode(), {"Content-Type": kind})
