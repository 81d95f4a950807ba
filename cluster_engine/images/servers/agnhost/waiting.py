"""Subcommands that go on without serving: pause, logs-generator, inclusterclient."""

from __future__ import annotations

import base64
from hashlib import sha256

from cluster_engine.images.servers.agnhost.flags import (
    FOREVER_MS,
    STDERR,
    STDOUT,
    Flags,
    duration_ms,
    klog,
)
from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

_NAMES = {2: "interrupt", 15: "terminated"}
_ENDING_CODES = {2: 1, 15: 2}
_METHODS = ("GET", "POST", "PUT")
_NAMESPACES = ("kube-system", "default", "ns")
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_LINES_PER_STEP = 50
_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"


class Pause:
    """Waits for a signal, and tells of it in its termination message."""

    def __init__(self, arguments: list[str]) -> None:
        del arguments
        self._has_begun = False
        self._ending = 0

    def step(self, system: System) -> Outcome:
        """Two lines, then silence."""
        if self._ending:
            text = f'exiting because of signal "{_NAMES[self._ending]}"\n'.encode()
            path = system.environment.get("TERMINATION_MESSAGE_PATH") or "/dev/termination-log"
            try:
                system.write_file(path, text, mode=0o644)
            except Errno as error:
                del error
            system.write(STDOUT, text)
            return Exited(_ENDING_CODES[self._ending])
        if not self._has_begun:
            self._has_begun = True
            system.write(STDOUT, b"Paused\nSignals registered\n")
        return Waiting(until_ms=FOREVER_MS)

    def signal(self, system: System, number: int) -> bool:
        """SIGINT and SIGTERM end it."""
        del system
        if number not in _NAMES:
            return False
        self._ending = number
        return True


class LogsGenerator:
    """So many lines in so much time."""

    def __init__(self, arguments: list[str]) -> None:
        flags = Flags(arguments[2:])
        self._total = flags.number("log-lines-total", flags.number("t", 0))
        self._duration_ms = duration_ms(flags.text("run-duration", flags.text("d", "0"))) or 0
        self._start_ms = -1
        self._next = 0

    def step(self, system: System) -> Outcome:
        """The lines that are due."""
        if self._total <= 0 or self._duration_ms <= 0:
            what = "total number of lines: 0" if self._total <= 0 else "duration: 0s"
            klog(system, f"Invalid {what}", "logs_generator.go:64")
            return Exited(255)
        if self._start_ms < 0:
            self._start_ms = system.now_ms
        for _ in range(_LINES_PER_STEP):
            if self._next >= self._total or self._due_ms(self._next) > system.now_ms:
                break
            klog(system, self._line(system), "logs_generator.go:76")
            self._next += 1
        if self._next < self._total:
            return Waiting(until_ms=self._due_ms(self._next))
        end_ms = self._due_ms(self._total)
        return Exited(0) if system.now_ms >= end_ms else Waiting(until_ms=end_ms)

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False

    def _due_ms(self, number: int) -> int:
        return self._start_ms + self._duration_ms * number // self._total

    def _line(self, system: System) -> str:
        drawn = system.random(8)
        name = "".join(_LETTERS[byte % len(_LETTERS)] for byte in drawn[4 : 7 + drawn[3] % 2])
        method = _METHODS[drawn[0] % len(_METHODS)]
        namespace = _NAMESPACES[drawn[1] % len(_NAMESPACES)]
        status = 200 + int.from_bytes(drawn[2:4]) % 400
        return f"{self._next} {method} /api/v1/namespaces/{namespace}/pods/{name} {status}"


class InClusterClient:
    """Asks the API server how it is, now and then, with the token it has."""

    def __init__(self, arguments: list[str]) -> None:
        self._interval_ms = max(Flags(arguments[2:]).number("poll-interval", 30), 1) * 1000
        self._next_ms = 0

    def step(self, system: System) -> Outcome:
        """One request when it is time."""
        if not self._next_ms:
            klog(system, "started", "main.go:61")
            self._next_ms = system.now_ms + self._interval_ms
        if system.now_ms >= self._next_ms:
            self._ask(system)
            self._next_ms = system.now_ms + self._interval_ms
        return Waiting(until_ms=self._next_ms)

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False

    def _ask(self, system: System) -> None:
        klog(system, "calling /healthz", "main.go:79")
        try:
            token = system.read_file(_TOKEN).decode().strip()
            header = f"Bearer {token}"
            digest = sha256(f"salt|{header}".encode()).digest()
            shown = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            klog(system, f"authz_header={shown}", "main.go:97")
            host = system.environment.get("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc")
            request = HttpRequest("GET", "/healthz", {"authorization": header})
            system.http(host, request, 443)
        except (NetworkError, Errno) as error:
            system.write(STDERR, f"status=failed\nerror checking /healthz: {error}\n".encode())
