"""How processes begin, get signals and end: the rules, in one place.

`Lives` is the kernel's; it keeps nothing of its own.

Models: fork, kill, exit and wait of Linux, pid namespaces' treatment of pid 1 (SIGNAL_UNKILLABLE).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime import signals
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.process import PidNamespace, Process
from cluster_engine.runtime.sandbox import Container, Sandbox
from cluster_engine.runtime.system import Ended

if TYPE_CHECKING:
    from cluster_engine.runtime.calls.base import Base
    from cluster_engine.runtime.kernel import Kernel


class Lives:
    """Births, signals and deaths of processes."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    # Births

    def fork(
        self, system: Base, parent: Process, pids: PidNamespace, arguments: list[str]
    ) -> Process:
        """A child with its parent's facts and no descriptors; not yet added. EAGAIN."""
        limit = self._kernel.limits.processes_per_container_max
        if len(pids.processes) >= limit:
            raise Errno("EAGAIN")
        address = (parent.address[0], pids.key, pids.next_pid)
        child = Process(
            address,
            parent.pid,
            parent.container_id,
            None,
            arguments,
            dict(parent.environment),
            system.now_ms,
        )
        child.group, child.session = parent.group, parent.session
        child.cwd, child.umask = parent.cwd, parent.umask
        child.uid, child.gid, child.groups = parent.uid, parent.gid, parent.groups
        child.terminal, child.ignored = parent.terminal, parent.ignored
        child.person = parent.person
        return child

    def add(self, process: Process, pids: PidNamespace) -> None:
        """Let a process that has been made run."""
        pids.next_pid = max(pids.next_pid, process.pid + 1)
        pids.processes[process.pid] = process
        self._kernel.queue.put(process)

    # Signals

    def send(
        self, target: Process, number: int, pids: PidNamespace, *, is_outside: bool = False
    ) -> None:
        """Send a signal; `is_outside`: from outside the pid namespace (the container runtime)."""
        if target.ended is not None:
            return
        is_protected = target.pid == 1 and not is_outside
        if number == signals.SIGKILL:
            if not is_protected:
                self.end(target, pids, Ended(target.pid, 0, number))
            return
        if number == signals.SIGCONT and target.is_stopped:
            target.is_stopped = False
            self._kernel.queue.put(target)
        if number == signals.SIGSTOP:
            if not is_protected:
                self._stop(target, pids, number)
            return
        if number in target.ignored or number in target.pending:
            return
        target.pending.append(number)
        if not target.is_stopped:
            self._kernel.queue.put(target)

    def deliver(self, process: Process, system: Base, pids: PidNamespace) -> None:
        """Act on the signals that wait for a process, before it is stepped."""
        while process.pending and process.ended is None:
            number = process.pending.pop(0)
            if process.program is not None and process.program.signal(system, number):
                continue
            if number in signals.IGNORED or process.pid == 1:
                continue
            if number in signals.STOPPING:
                self._stop(process, pids, number)
            else:
                self.end(process, pids, Ended(process.pid, 0, number))

    def send_group(
        self, sandbox: Sandbox, key: str, group: int, number: int, *, is_outside: bool = False
    ) -> None:
        """Send a signal to a process group (what a terminal's keys do)."""
        pids = sandbox.pids.get(key)
        if pids is None or not group:
            return
        for process in list(pids.processes.values()):
            if process.group == group:
                self.send(process, number, pids, is_outside=is_outside)

    def _stop(self, process: Process, pids: PidNamespace, number: int) -> None:
        process.is_stopped = True
        self._kernel.queue.forget(process)
        parent = pids.processes.get(process.parent)
        if parent is not None:
            process.stopped = Ended(process.pid, 0, number, True)
            self._tell_parent(process, parent)

    # Deaths

    def end(self, process: Process, pids: PidNamespace, ended: Ended) -> None:
        """The process is over: descriptors close, children become orphans, the parent knows."""
        if process.ended is not None:
            return
        kernel = self._kernel
        process.ended = ended
        process.is_stopped = False
        kernel.queue.forget(process)
        for fd in sorted(process.fds):
            self.close(process, fd)
        process.program = None
        process.usage = None
        sandbox = kernel.sandboxes[process.address[0]]
        self._orphan(process, pids)
        self._leave(process, pids)
        if process.session_id:
            kernel.clients.session_ended(sandbox, process.session_id, ended)
        container = sandbox.containers[process.container_id]
        if container.pid == process.pid and container.namespace_key == pids.key:
            kernel.container_ended(sandbox, container, ended)

    def close(self, process: Process, fd: int) -> None:
        """Close a descriptor."""
        handle = process.fds.pop(fd)
        handle.references -= 1
        if handle.references <= 0:
            handle.release(self._kernel)

    def reap(self, parent: Process, pids: PidNamespace, pid: int) -> Ended | None:
        """Take a child's end (or stop). ECHILD when there is no such child."""
        candidates = [pids.processes[child] for child in parent.children if pid in (-1, 0, child)]
        if not candidates:
            raise Errno("ECHILD")
        for child in candidates:
            if child.ended is not None:
                parent.children.remove(child.pid)
                del pids.processes[child.pid]
                return child.ended
            stopped = child.stopped
            if stopped is not None:
                child.stopped = None
                return stopped
        return None

    def has_news(self, parent: Process, pids: PidNamespace, wanted: tuple[int, ...]) -> bool:
        """Whether `reap` of one of those pids (-1: any) would not block."""
        for child in parent.children:
            if -1 in wanted or child in wanted:
                process = pids.processes[child]
                if process.ended is not None or process.stopped is not None:
                    return True
        return bool(wanted) and not any(
            -1 in wanted or child in wanted for child in parent.children
        )

    def kill_container(self, sandbox: Sandbox, container: Container) -> None:
        """Kill all processes of a container, its first one last."""
        for pids in list(sandbox.pids.values()):
            for process in sorted(pids.processes.values(), key=lambda held: -held.pid):
                if process.container_id == container.spec.id:
                    killed = Ended(process.pid, 0, signals.SIGKILL)
                    self.end(process, pids, killed)

    def check_memory(self, sandbox: Sandbox, container: Container) -> None:
        """Kill a container that uses more than its limit, as the cgroup's OOM killer does."""
        limit = container.spec.memory_limit_bytes
        if limit and container.is_running and self.memory_bytes(sandbox, container) > limit:
            container.reason = "OOMKilled"
            self.kill_container(sandbox, container)

    def memory_bytes(self, sandbox: Sandbox, container: Container) -> int:
        """What the programs of a container say they use."""
        return sum(
            process.usage.memory_bytes
            for pids in sandbox.pids.values()
            for process in pids.processes.values()
            if process.container_id == container.spec.id and process.usage is not None
        )

    def _orphan(self, process: Process, pids: PidNamespace) -> None:
        """Give its children to pid 1, which reaps them when they end."""
        first = pids.processes.get(1)
        for pid in process.children:
            child = pids.processes[pid]
            if child.ended is not None:
                del pids.processes[pid]
            else:
                child.parent = 1 if first is not None and first is not process else 0
                child.is_orphan = True
        process.children = []

    def _leave(self, process: Process, pids: PidNamespace) -> None:
        parent = pids.processes.get(process.parent)
        if process.is_orphan or parent is None or parent.ended is not None:
            pids.processes.pop(process.pid, None)
        else:
            self._tell_parent(process, parent)

    def _tell_parent(self, process: Process, parent: Process) -> None:
        waits = parent.waits
        if waits is not None and (-1 in waits.children or process.pid in waits.children):
            self._kernel.queue.put(parent)
