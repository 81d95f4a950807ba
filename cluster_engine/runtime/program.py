"""The program protocol: how anything runs inside a simulated container.

A program is plain data with a `step`: it does a bounded piece of work through its `System` (its
system calls), then says what it waits for. No generators, closures, threads or open handles: a
process can be copied with its cluster at any moment and go on in both copies, and an endless loop
costs its own session only, because every step is counted.

Implemented by `shell` (the interpreter and the commands), `kubectl` and `images` (servers such as
redis). Driven by the kernel in this package.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from cluster_engine.network.http import HttpReply, HttpRequest


@dataclass(frozen=True, slots=True)
class Exited:
    """The program has ended with that code (0-255)."""

    code: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Step again when any of these comes true. With none of them: as soon as there is time."""

    readable: tuple[int, ...] = ()
    writable: tuple[int, ...] = ()
    until_ms: int | None = None
    #: Child pids whose end is awaited; -1 for any child.
    children: tuple[int, ...] = ()


#: "Give me another step when it is my turn again."
AGAIN = Waiting()

Outcome: TypeAlias = Exited | Waiting


class Program(Protocol):
    """What a process executes. Its attributes are its memory: plain, picklable data."""

    def step(self, system: Any) -> Outcome:
        """Do a bounded piece of work. `system` is the process' `runtime.system.System`; it is
        passed in at each step and must not be kept."""

    def signal(self, system: Any, number: int) -> bool:
        """A catchable signal has come. True: handled; False: the default action happens."""


class HttpProgram(Program, Protocol):
    """A program that listens with `is_http`: it is asked between its steps."""

    def http(self, system: Any, request: HttpRequest) -> HttpReply:
        """Answer a request at once. May use the file system, write to its log (descriptors 1 and
        2) and the network, but is not the place to wait."""


@dataclass(slots=True)
class Usage:
    """What a program costs its node, for metrics and limits; set by `System.report_usage`."""

    cpu_milli: int = 0
    memory_bytes: int = 1024 * 1024
