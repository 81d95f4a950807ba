"""The smaller servers: serve-hostname, porter, guestbook, grpc-health-checking, fake-gitserver."""

from __future__ import annotations

import json
from urllib.parse import quote

from cluster_engine.images.servers.agnhost.flags import Flags, log, query
from cluster_engine.images.servers.web import SIGTERM, WebServer, text_reply
from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

STORE_ENTRIES_MAX = 1_000
_PREFIXES = ("SERVE_PORT_", "SERVE_TCP_PORT_", "SERVE_TLS_PORT_")
_CLIENT_PORT = 40_000
_REGISTER_MS, _RETRY_MS = 15_000, 1_000
_LINGER_MS = 60_000
_CHECK = "/grpc.health.v1.Health/Check"


class ServeHostname(WebServer):
    """Answers everything with its host name."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        flags = Flags(arguments[2:], ("tcp", "udp", "http", "close"))
        self._port = flags.port("port", 9376)
        self._is_http = flags.switch("http", default=True)
        self._is_raw = flags.switch("tcp") or flags.switch("udp")
        self._is_closing = flags.switch("close")
        self._end_ms = 0

    def step(self, system: System) -> Outcome:
        """It lingers for a minute after SIGTERM."""
        if self._end_ms:
            return Exited(0) if system.now_ms >= self._end_ms else Waiting(until_ms=self._end_ms)
        return super().step(system)

    def signal(self, system: System, number: int) -> bool:
        """SIGTERM, and then a while."""
        if number != SIGTERM or self._end_ms:
            return False
        log(system, "Shutting down after receiving signal: terminated.")
        log(system, "Awaiting pod deletion.")
        self._end_ms = system.now_ms + _LINGER_MS
        return True

    def prepare(self, system: System) -> int | None:
        """HTTP or raw, not both."""
        if self._is_http and self._is_raw:
            log(system, "Can't server TCP/UDP mode and HTTP mode at the same time")
            return 1
        return None

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """`--port`."""
        del system
        return (self._port,)

    def started(self, system: System) -> None:
        """Its line."""
        log(system, f"Serving on port {self._port}.")

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """Its name."""
        log(system, f"HTTP request from {request.source_ip}:{_CLIENT_PORT}")
        reply = text_reply(system.hostname)
        if self._is_closing:
            reply.headers["Connection"] = "close"
        return reply


class Porter(WebServer):
    """Serves texts on the ports that its environment names."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._is_json = Flags(arguments[2:], ("json-response",)).switch("json-response")

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """`SERVE_PORT_80=text`."""
        found = []
        for name in system.environment:
            for prefix in _PREFIXES:
                text = name.removeprefix(prefix)
                if name.startswith(prefix) and text.isdecimal() and 0 < int(text) < 65536:
                    found.append(int(text))
        return tuple(dict.fromkeys(found))

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """The text of the port."""
        values = [system.environment.get(f"{prefix}{request.port}") for prefix in _PREFIXES]
        text = next((value for value in values if value is not None), "")
        if self._is_json:
            body = json.dumps({"Method": request.method, "Body": text}, separators=(",", ":"))
            return text_reply(body, kind="application/json")
        return text_reply(text)


class Guestbook(WebServer):
    """A frontend, a primary and replicas, all the same program."""

    memory_bytes = 8 * 1024 * 1024

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        flags = Flags(arguments[2:])
        self._port = flags.port("http-port", 80)
        self._backend_port = flags.port("backend-port", 6379)
        self._primary = flags.text("replicaof")
        self._replicas: list[str] = []
        self._store: dict[str, str] = {}
        self._give_up_ms = 0
        self._is_registered = not self._primary

    def step(self, system: System) -> Outcome:
        """Register with the primary first, if there is one."""
        outcome = super().step(system)
        if self._is_registered or isinstance(outcome, Exited):
            return outcome
        self._give_up_ms = self._give_up_ms or system.now_ms + _REGISTER_MS
        if self._register(system):
            self._is_registered = True
            return outcome
        if system.now_ms >= self._give_up_ms:
            log(system, "Timed out while registering to primary.")
            return Exited(1)
        return Waiting(readable=outcome.readable, until_ms=system.now_ms + _RETRY_MS)

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """`--http-port`."""
        del system
        return (self._port,)

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """By the path."""
        values = query(request.path)
        name = request.path.partition("?")[0]
        if name == "/register":
            return self._take_replica(system, values.get("host", ""))
        if name == "/get":
            return self._get(system, values.get("key", ""))
        if name == "/set":
            return self._set(system, values.get("key", ""), values.get("value", ""))
        if name == "/guestbook":
            return self._forward(system, values)
        return text_reply("404 page not found\n", 404)

    def _register(self, system: System) -> bool:
        path = f"/register?host={system.ip}"
        log(system, f"Registering to primary: {self._primary}:{self._backend_port}{path}")
        try:
            answer = self._ask(system, self._primary, path)
            self._store = dict(json.loads(answer)["data"])
        except (NetworkError, Errno, ValueError, KeyError, TypeError) as error:
            words = f"encountered error while registering to primary: {error}. Retrying in 1s."
            log(system, words)
            return False
        log(system, f"Registered to node: {self._primary}")
        return True

    def _take_replica(self, system: System, ip: str) -> HttpReply:
        log(system, f"GET /register?host={ip}")
        if ip and ip not in self._replicas:
            self._replicas.append(ip)
        log(system, f"Node '{ip}' registered.")
        return _data(self._store)

    def _get(self, system: System, key: str) -> HttpReply:
        log(system, f"GET /get?key={key}")
        return _data(self._store.get(key, "") if key else self._store)

    def _set(self, system: System, key: str, value: str) -> HttpReply:
        log(system, f"GET /set?key={key}&value={value}")
        if not key or len(self._store) >= STORE_ENTRIES_MAX:
            return text_reply("cannot set with empty key.\n", 400)
        self._store[key] = value
        for replica in self._replicas:
            try:
                self._ask(system, replica, f"/set?key={quote(key)}&value={quote(value)}")
            except (NetworkError, Errno) as error:
                words = f"encountered error while propagating to replica '{replica}': {error}\n"
                return text_reply(words, 417)
        return text_reply('{"message":"Updated"}')

    def _forward(self, system: System, values: dict[str, str]) -> HttpReply:
        command, key = values.get("cmd", "").lower(), values.get("key", "")
        value = values.get("value", "")
        log(system, f"GET /guestbook?cmd={command}&key={key}&value={value}")
        if command not in ("get", "set"):
            return text_reply(f"unsupported cmd: '{command}'\n", 400)
        if command == "set" and not key:
            return text_reply("cannot set with empty key.\n", 400)
        host = "agnhost-primary" if command == "set" else "agnhost-replica"
        path = f"/{command}?key={quote(key)}&value={quote(value)}"
        try:
            return text_reply(self._ask(system, host, path))
        except (NetworkError, Errno) as error:
            return text_reply(f"encountered error: {error}\n", 417)

    def _ask(self, system: System, host: str, path: str) -> str:
        reply = system.http(host, HttpRequest("GET", path), self._backend_port)
        return reply.body.decode("utf-8", "replace")


class GrpcHealth(WebServer):
    """A health service of gRPC, and two HTTP paths that change its mind.

    The answer to a check is told by the header `grpc-status`: 0 while it serves.
    """

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        flags = Flags(arguments[2:])
        self._grpc_port = flags.port("port", 5000)
        self._http_port = flags.port("http-port", 8080)
        self._delay_ms = flags.number("delay-unhealthy-sec", -1) * 1000
        self._service = flags.text("service")
        self._is_forced: bool | None = None
        self._start_ms = 0

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """Both."""
        del system
        return (self._http_port, self._grpc_port)

    def started(self, system: System) -> None:
        """Its lines."""
        self._start_ms = system.now_ms
        log(system, f"Http server starting to listen on :{self._http_port}")
        log(system, f"gRPC server starting to listen on :{self._grpc_port}")

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """By port and path."""
        elapsed_ms = system.now_ms - self._start_ms
        if request.path == _CHECK:
            log(system, "Serving the Check request for health check")
            return HttpReply(200, b"", {"grpc-status": self._status(request, elapsed_ms)})
        if request.path in ("/make-serving", "/make-not-serving"):
            self._is_forced = request.path == "/make-not-serving"
            log(system, f"Mark as {'unhealthy' if self._is_forced else 'healthy'}")
            return text_reply(f"{elapsed_ms / 1000}s")
        return text_reply("404 page not found\n", 404)

    def _status(self, request: HttpRequest, elapsed_ms: int) -> str:
        if request.headers.get("grpc-service", "") != self._service:
            return "5"
        is_late = 0 <= self._delay_ms <= elapsed_ms
        return "14" if self._is_forced or is_late else "0"


class FakeGitServer(WebServer):
    """Says what it is."""

    ports = (8000,)

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """One sentence."""
        return text_reply("I am a fake git server")


def _data(value: object) -> HttpReply:
    return text_reply(json.dumps({"data": value}, sort_keys=True, separators=(",", ":")))
