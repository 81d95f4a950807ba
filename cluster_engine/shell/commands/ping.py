"""ping: is a pod there?"""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import Invocation, Output, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.usages import help_text

_SIGINT, _SIGTERM = 2, 15
_EVERY_MS = 1000
#: How long the last echo is waited for.
_LAST_MS = 10_000
#: Nothing listens there as a rule: only whether somebody refuses counts.
_PROBED_PORT = 1
_TTL_OWN, _TTL_NEAR, _TTL_FAR = 64, 63, 62


class Ping:
    """The program: an echo a second, until -c of them or ^C."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._options: Options | None = None
        self._host = ""
        self._address = ""
        self._count = 0
        self._every_ms = _EVERY_MS
        self._last_ms = _LAST_MS
        self._deadline_ms = 0
        self._size = 56
        self._begin_ms = 0
        self._next_ms = 0
        self._sent = 0
        #: Microseconds that each echo took.
        self._times: list[int] = []
        self._is_ending = False
        self._code = -1

    def step(self, system: System) -> Outcome:
        """Send the next one when it is time."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._code >= 0:
            return Exited(self._code)
        call = Invocation(
            system, self._arguments, b"", self._output.out, self._output.err, self._is_busybox
        )
        if self._options is None:
            try:
                self._begin(call)
            except UsageError as error:
                self._code = call.misused(error)
            return AGAIN
        if self._deadline_ms and system.now_ms >= self._deadline_ms:
            self._is_ending = True
        is_complete = self._count and self._sent >= self._count
        if self._is_ending or (is_complete and (self._has_all or system.now_ms >= self._next_ms)):
            self._summary(call)
            return AGAIN
        if system.now_ms < self._next_ms:
            until = self._next_ms
            until = min(until, self._deadline_ms) if self._deadline_ms else until
            return Waiting(until_ms=until)
        self._send(call)
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """^C prints the summary."""
        del system
        if number in (_SIGINT, _SIGTERM) and self._options is not None:
            self._is_ending = number == _SIGINT
        return self._is_ending and number == _SIGINT

    @property
    def _has_all(self) -> bool:
        return len(self._times) == self._sent

    def _begin(self, call: Invocation) -> None:
        text = help_text(self._arguments, is_busybox=self._is_busybox)
        if text is not None:
            call.say(text)
            self._code = 0
            return
        options, hosts = parse(call, "qnvAbDfLOrRUV46a", "ciwWstIMpQmSTlF", code=2)
        if not hosts:
            if self._is_busybox:
                raise UsageError("", has_hint=True)
            raise UsageError("usage error: Destination address required")
        self._host = hosts[-1]
        self._count = self._number(options, "c")
        self._size = self._number(options, "s", 56)
        self._every_ms = max(round(self._seconds(options, "i", 1) * 1000), 2)
        self._last_ms = round(self._seconds(options, "W", _LAST_MS / 1000) * 1000)
        deadline = self._seconds(options, "w", 0)
        addresses = self._resolve(call)
        self._address = addresses[0]
        self._options = options
        self._begin_ms = self._next_ms = call.system.now_ms
        self._deadline_ms = self._begin_ms + round(deadline * 1000) if deadline else 0
        size = f"{self._size}({self._size + 28}) bytes of data."
        shown = f" {size}" if not self._is_busybox else f": {self._size} data bytes"
        call.line(f"PING {self._host} ({self._address}){shown}")

    def _number(self, options: Options, letter: str, default: int = 0) -> int:
        return options.count(letter, default, "invalid argument: '{}'")

    def _seconds(self, options: Options, letter: str, default: float) -> float:
        text = options.get(letter)
        try:
            return default if text is None else max(float(text), 0)
        except ValueError:
            raise UsageError(f"invalid argument: '{text}'") from None

    def _resolve(self, call: Invocation) -> list[str]:
        try:
            addresses = call.system.resolve(self._host)
        except NetworkError:
            addresses = []
            if not self._is_busybox:
                text = f"{self._host}: Temporary failure in name resolution"
                raise UsageError(text, 2) from None
        if not addresses:
            if self._is_busybox:
                raise UsageError(f"bad address '{self._host}'")
            raise UsageError(f"{self._host}: Name or service not known", 2)
        return addresses

    def _send(self, call: Invocation) -> None:
        self._sent += 1
        ttl = self._ttl(call.system)
        is_last = self._count and self._sent >= self._count
        self._next_ms = call.system.now_ms + (self._last_ms if is_last else self._every_ms)
        if not ttl:
            return
        took = 35 + call.system.random(1)[0] % 60 + (0 if ttl == _TTL_OWN else 25)
        self._times.append(took)
        if self._options is not None and "q" in self._options:
            return
        name = self._shown_name(call.system)
        mark = f"seq={self._sent - 1}" if self._is_busybox else f"icmp_seq={self._sent}"
        size = self._size + 8
        call.line(f"{size} bytes from {name}: {mark} ttl={ttl} time={took / 1000:.3f} ms")

    def _shown_name(self, system: System) -> str:
        if self._is_busybox or self._host == self._address:
            return self._address
        name = system.reverse(self._address)
        return f"{name} ({self._address})" if name else self._address

    def _ttl(self, system: System) -> int:
        """0 when nobody answers. Pods and nodes do; addresses of services do not, as in a real
        cluster."""
        if self._address.startswith("127.") or self._address == system.ip:
            return _TTL_OWN
        if system.reverse(self._address) or not self._is_there(system):
            return 0
        same_node = self._address.rpartition(".")[0] == system.ip.rpartition(".")[0]
        return _TTL_NEAR if same_node else _TTL_FAR

    def _is_there(self, system: System) -> bool:
        """Whether a machine of that address refuses a connection, or takes one."""
        try:
            system.close(system.connect(self._address, _PROBED_PORT))
        except NetworkError as error:
            return error.kind == "connection refused"
        except Errno:
            return False
        return True

    def _summary(self, call: Invocation) -> None:
        received = len(self._times)
        loss = 100 * (self._sent - received) // max(self._sent, 1)
        call.line(f"\n--- {self._host} ping statistics ---")
        times = [took / 1000 for took in self._times]
        mean = sum(times) / received if received else 0
        if self._is_busybox:
            counts = f"{self._sent} packets transmitted, {received} packets received"
            call.line(f"{counts}, {loss}% packet loss")
            if received:
                call.line(
                    f"round-trip min/avg/max = {min(times):.3f}/{mean:.3f}/{max(times):.3f} ms"
                )
        else:
            span = (self._sent - 1) * self._every_ms if self._sent else 0
            counts = f"{self._sent} packets transmitted, {received} received"
            call.line(f"{counts}, {loss}% packet loss, time {span}ms")
            if received:
                spread = (sum((took - mean) ** 2 for took in times) / received) ** 0.5
                call.line(
                    f"rtt min/avg/max/mdev = {min(times):.3f}/{mean:.3f}/{max(times):.3f}/"
                    f"{spread:.3f} ms"
                )
            else:
                call.line()
        self._code = 0 if received else 1
