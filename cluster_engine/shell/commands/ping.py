"""ping: is a pod there?"""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import UsageError
from cluster_engine.shell.commands.options import parse_words

_SIGINT = 2
_EVERY_MS = 1000


class Ping:
    """The program: an echo a second, until -c of them or ^C."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._host = ""
        self._address = ""
        self._count = 0
        self._sent = 0
        self._received = 0
        self._next_ms = 0
        self._is_ending = False

    def step(self, system: System) -> Outcome:
        """Send the next one when it is time."""
        if not self._host:
            code = self._begin(system)
            if code >= 0:
                return Exited(code)
        if self._is_ending or (self._count and self._sent >= self._count):
            return self._summary(system)
        if system.now_ms < self._next_ms:
            return Waiting(until_ms=self._next_ms)
        self._sent += 1
        self._next_ms = system.now_ms + _EVERY_MS
        if self._answers(system):
            self._received += 1
            took = f"0.0{40 + self._sent % 50}"
            place = f"icmp_seq={self._sent} ttl=63"
            line = f"64 bytes from {self._address}: {place} time={took} ms\n"
            system.write(1, line.encode())
        return Waiting(until_ms=self._next_ms)

    def signal(self, system: System, number: int) -> bool:
        """^C prints the summary."""
        del system
        self._is_ending = number == _SIGINT
        return self._is_ending

    def _begin(self, system: System) -> int:
        """-1 to go on, else the exit code."""
        try:
            options, hosts = parse_words("ping", self._arguments[1:], "qnv4", "ciwWs")
        except UsageError as error:
            system.write(2, f"ping: {error}\n".encode())
            return 2
        if not hosts:
            system.write(2, b"ping: usage error: Destination address required\n")
            return 1
        try:
            addresses = system.resolve(hosts[0])
        except NetworkError:
            addresses = []
        if not addresses:
            system.write(2, f"ping: {hosts[0]}: Name or service not known\n".encode())
            return 2
        self._host, self._address = hosts[0], addresses[0]
        self._count = int(options.get("c", "0"))
        head = f"PING {self._host} ({self._address}) 56(84) bytes of data.\n"
        system.write(1, head.encode())
        return -1

    def _answers(self, system: System) -> bool:
        """Addresses of pods and nodes answer; those of services do not, as in a real cluster."""
        if self._address.startswith("127.") or self._address == system.ip:
            return True
        return bool(system.reverse(self._address)) and not self._address.startswith("10.96.")

    def _summary(self, system: System) -> Outcome:
        loss = 100 * (self._sent - self._received) // max(self._sent, 1)
        span = max(self._sent - 1, 0) * _EVERY_MS
        text = (
            f"\n--- {self._host} ping statistics ---\n{self._sent} packets transmitted, "
            f"{self._received} received, {loss}% packet loss, time {span}ms\n"
        )
        system.write(1, text.encode())
        return Exited(0 if self._received else 1)
