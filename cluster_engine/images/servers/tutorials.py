"""The servers and tools of the Kubernetes documentation that behave badly on purpose."""

from __future__ import annotations

from cluster_engine.images.servers.web import STDERR, STDOUT, WebServer, text_reply
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.sandbox import WORK_PER_MS
from cluster_engine.runtime.system import System

_HEALTHY_MS = 10_000
_UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_BINARY_UNITS = {"ki": 1024, "mi": 1024**2, "gi": 1024**3}
_FOREVER_MS = 2**62
_STRESS_USAGE = (
    "`stress' imposes certain types of compute stress on your system\n\n"
    "Usage: stress [OPTION [ARG]] ...\n"
)
_HELLO = """
Hello from Docker!
This message shows that your installation appears to be working correctly.

To generate this message, Docker took the following steps:
 1. The Docker client contacted the Docker daemon.
 2. The Docker daemon pulled the "hello-world" image from the Docker Hub.
    (amd64)
 3. The Docker daemon created a new container from that image which runs the
    executable that produces the output you are currently reading.
 4. The Docker daemon streamed that output to the Docker client, which sent it
    to your terminal.

"""


class Liveness(WebServer):
    """Healthy for ten seconds, then not."""

    ports = (8080,)

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._start_ms = 0

    def started(self, system: System) -> None:
        """It takes the time."""
        self._start_ms = system.now_ms

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """/started says for how long, /healthz whether that was too long."""
        path = request.path.partition("?")[0]
        elapsed_ms = system.now_ms - self._start_ms
        if path == "/healthz" and elapsed_ms > _HEALTHY_MS:
            return text_reply(f"error: {elapsed_ms / 1000}", 500)
        if path == "/healthz":
            return text_reply("ok")
        if path == "/started":
            return text_reply(f"{elapsed_ms / 1000}s")
        if path == "/redirect":
            place = request.path.partition("loc=")[2] or "/"
            return HttpReply(302, b"", {"Location": place})
        return text_reply("404 page not found\n", 404)


class HpaExample(WebServer):
    """A page that costs the CPU something."""

    server = "Apache/2.4.10 (Debian)"
    memory_bytes = 14 * 1024 * 1024
    _CPU_MS_PER_REQUEST = 15

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """It sums up square roots in the original."""
        system.work(self._CPU_MS_PER_REQUEST * WORK_PER_MS)
        return text_reply("OK!", kind="text/html; charset=UTF-8")

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """The common log format."""
        line = f'{request.source_ip} - - "{request.method} {request.path} HTTP/1.1" 200 3\n'
        system.write(STDOUT, line.encode())


class HelloWorld:
    """Says so, and ends."""

    def __init__(self, arguments: list[str]) -> None:
        del arguments

    def step(self, system: System) -> Outcome:
        """One write."""
        system.write(STDOUT, _HELLO.encode())
        return Exited(0)

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False


class Stress:
    """Takes memory and keeps processors busy, for a time or for ever."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._end_ms = 0

    def step(self, system: System) -> Outcome:
        """Report what it takes, then wait."""
        if self._end_ms:
            if system.now_ms < self._end_ms:
                return Waiting(until_ms=self._end_ms)
            line = f"stress: info: [{system.pid}] successful run completed\n"
            system.write(STDOUT, line.encode())
            return Exited(0)
        options = self._options()
        workers, hogs = number(options.get("cpu", "0")), number(options.get("vm", "0"))
        disks = number(options.get("io", "0"))
        if not workers + hogs + disks:
            system.write(STDOUT, _STRESS_USAGE.encode())
            return Exited(1 if self._arguments[1:] else 0)
        said = f"dispatching hogs: {workers} cpu, {disks} io, {hogs} vm, 0 hdd"
        system.write(STDOUT, f"stress: info: [{system.pid}] {said}\n".encode())
        seconds = number(options.get("timeout", "0").rstrip("s"))
        self._end_ms = system.now_ms + seconds * 1000 if seconds else _FOREVER_MS
        each = size_bytes(options.get("vm-bytes", "256M"))
        system.report_usage(cpu_milli=1000 * (workers + hogs), memory_bytes=hogs * each + 2**20)
        return Waiting(until_ms=self._end_ms)

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False

    def _options(self) -> dict[str, str]:
        short = {"c": "cpu", "m": "vm", "i": "io", "t": "timeout"}
        found: dict[str, str] = {}
        words = self._arguments[1:]
        for place, word in enumerate(words):
            name, _, value = word.lstrip("-").partition("=")
            if word.startswith("-") and not name.isdecimal():
                following = words[place + 1] if place + 1 < len(words) else ""
                found[short.get(name, name)] = value or following
        return found


class CpuStress(Stress):
    """vish/stress: `-cpus 2`, `-mem-total 150Mi`, `-mem-alloc-size`, `-mem-alloc-sleep`."""

    def step(self, system: System) -> Outcome:
        """Report what it takes, then wait."""
        if not self._end_ms:
            options = self._options()
            memory = size_bytes(options.get("mem-total", "0"))
            cpus = number(options.get("cpus", "0"))
            text = f'Allocating "{options.get("mem-total", "0")}" memory, in "4Ki" chunks'
            system.write(STDERR, f"I0101 00:00:00.000000       1 main.go:26] {text}\n".encode())
            self._end_ms = _FOREVER_MS
            system.report_usage(cpu_milli=1000 * cpus, memory_bytes=memory + 2**20)
        return Waiting(until_ms=self._end_ms)


def number(text: str) -> int:
    """A whole number, 0 when it is none."""
    return int(text) if text.isdecimal() else 0


def size_bytes(text: str) -> int:
    """`250M` or `150Mi` in bytes."""
    lower = text.lower()
    digits = lower.rstrip("bkmgi")
    unit = lower[len(digits) :]
    return number(digits) * (_UNITS.get(unit) or _BINARY_UNITS.get(unit, 1))
