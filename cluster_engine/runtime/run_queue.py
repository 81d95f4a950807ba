"""Who runs next, and what wakes who waits.

The kernel steps processes in turn, each wake a bounded amount of work. A process that waits is in
no queue: what it waits for (a pipe, a terminal, a socket) holds its address, a moment is an entry
of the agenda. A pod that has worked too much pauses until virtual time has passed, so that an
endless loop costs little and never stops the clock.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from cluster_engine.runtime.pipe import Address
from cluster_engine.runtime.process import Process
from cluster_engine.runtime.program import Waiting

if TYPE_CHECKING:
    from cluster_engine.runtime.kernel import Kernel

#: What a step costs besides what it accounts for itself.
WORK_PER_STEP = 10
#: How long a pod pauses that has used up its work.
PAUSE_MS = 20


class RunQueue:
    """The processes that can run, in order."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._ready: deque[Address] = deque()
        self._planned_ms: int | None = None

    def put(self, process: Process) -> None:
        """Step a process soon: it waits no longer."""
        self._stop_waiting(process)
        if not process.is_queued and process.program is not None:
            process.is_queued = True
            self._ready.append(process.address)
            self._plan(self._kernel.now_ms)

    def forget(self, process: Process) -> None:
        """A process has ended or stopped."""
        self._stop_waiting(process)

    def wait(self, process: Process, waits: Waiting) -> None:
        """Put a process that has been stepped where it will be woken."""
        if self._kernel.is_ready(process, waits):
            self.put(process)
            return
        process.waits = waits
        for fd in (*waits.readable, *waits.writable):
            handle = process.fds.get(fd)
            held = handle.waiters() if handle is not None else None
            if held is not None:
                held.add_waiter(process.address)
        if waits.until_ms is not None:
            process.ticket = self._kernel.agenda.schedule(
                waits.until_ms, self._kernel.name, ("timer", *process.address)
            )

    def wake(self, address: Address) -> None:
        """Something has changed that a process may wait for."""
        process = self._kernel.process(address)
        if process is None or process.waits is None or process.is_stopped:
            return
        waits = process.waits
        self._stop_waiting(process)
        self.wait(process, waits)

    def fire(self, address: Address) -> None:
        """The moment that a process waited for has come."""
        process = self._kernel.process(address)
        if process is not None and process.waits is not None:
            process.ticket = None
            if not process.is_stopped:
                self.put(process)

    def run(self, work_max: int) -> None:
        """Step processes in turn until that much work is done or none can run."""
        self._planned_ms = None
        kernel = self._kernel
        paused: list[Address] = []
        work = 0
        while self._ready and work < work_max:
            address = self._ready.popleft()
            process = kernel.process(address)
            if process is None:
                continue
            if process.ended is not None or process.is_stopped:
                process.is_queued = False
                continue
            sandbox = kernel.sandboxes[address[0]]
            sandbox.refill(kernel.now_ms)
            if sandbox.work_left <= 0:
                paused.append(address)
                continue
            process.is_queued = False
            worked = WORK_PER_STEP + kernel.step(sandbox, process)
            sandbox.work_left -= worked
            work += worked
        if self._ready:
            self._plan(kernel.now_ms + 1)
        elif paused:
            self._plan(kernel.now_ms + PAUSE_MS)
        self._ready.extend(paused)

    def state(self) -> tuple[list[Address], int | None]:
        """The order, for a copy."""
        return list(self._ready), self._planned_ms

    def restore(self, state: tuple[list[Address], int | None]) -> None:
        """Take over a value made by `state`."""
        self._ready = deque(state[0])
        self._planned_ms = state[1]

    def _stop_waiting(self, process: Process) -> None:
        process.waits = None
        if process.ticket is not None:
            self._kernel.agenda.cancel(process.ticket)
            process.ticket = None

    def _plan(self, due_ms: int) -> None:
        if self._planned_ms is None or due_ms < self._planned_ms:
            self._planned_ms = due_ms
            self._kernel.agenda.schedule(due_ms, self._kernel.name, "run")
