"""Calls on processes: spawn, execute, wait, kill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cluster_engine.runtime.calls.files import FileCalls
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.nodes import Directory, File, may
from cluster_engine.runtime.process import Process
from cluster_engine.runtime.program import Program, Usage
from cluster_engine.runtime.signals import SIGNAL_MAX
from cluster_engine.runtime.system import Ended, ProcessStatus, Spawn

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
INTERPRETERS_MAX = 4
ARGUMENT_BYTES_MAX = 128 * 1024


class ProcessCalls(FileCalls):
    """See System."""

    __slots__ = ()

    def spawn(self, spawn: Spawn) -> int:
        lives = self._kernel.lives
        child = lives.fork(self, self._process, self._pids, list(spawn.arguments))
        if spawn.environment is not None:
            child.environment = dict(spawn.environment)
        if spawn.cwd is not None:
            child.cwd = spawn.cwd
        if spawn.ignored:
            child.ignored |= frozenset(spawn.ignored)
        if spawn.program is not None:
            child.program = spawn.program
            child.executable = self._process.executable
        else:
            self.load(child, list(spawn.arguments), spawn.path)
        fds: dict[int, int] = {fd: fd for fd in (0, 1, 2) if fd in self._process.fds}
        if spawn.fds is not None:
            fds = dict(spawn.fds)
        handles = {fd: self._process.handle(source) for fd, source in fds.items()}
        for fd, handle in handles.items():
            handle.references += 1
            child.fds[fd] = handle
        if spawn.group is not None:
            child.group = spawn.group or child.pid
        if spawn.is_foreground and child.terminal is not None:
            child.terminal.foreground = child.group
        lives.add(child, self._pids)
        self._process.children.append(child.pid)
        self.worked += 20
        return child.pid

    def load(self, process: Process, arguments: list[str], executable: str | None = None) -> None:
        """Find the program for `arguments` and put it into `process`. ENOENT, EACCES, ENOEXEC."""
        if sum(map(len, arguments)) > ARGUMENT_BYTES_MAX:
            raise Errno("E2BIG")
        words = list(arguments)
        for _ in range(INTERPRETERS_MAX):
            path = self._lookup(executable or words[0])
            executable = None
            node = self._find(path).found()
            if isinstance(node, Directory):
                raise Errno("EACCES")
            if not may(node, self, 1):
                raise Errno("EACCES")
            if not isinstance(node, File):
                raise Errno("EACCES")
            if node.program:
                process.program = self._make(node.program, words)
                process.arguments = words
                process.executable = path
                return
            first = bytes(node.data[:256]).split(b"\n")[0]
            if not first.startswith(b"#!"):
                break
            head = first[2:].decode(errors="replace").strip().split(None, 1)
            if not head:
                break
            words = [*head, path, *words[1:]]
        raise Errno("ENOEXEC")

    def execute(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None,
        path: str | None = None,
    ) -> None:
        process = self._process
        given = process.environment if environment is None else dict(environment)
        after = Process(process.address, process.parent, process.container_id, None, [], given, 0)
        self.load(after, list(arguments), path)
        process.replacement = after

    def find_program(self, name: str, path: str | None = None) -> str | None:
        try:
            return self._lookup(name, path)
        except Errno:
            return None

    def program_of(self, pid: int) -> str:
        """The executable of a process that can be seen."""
        process = self._pids.processes.get(pid)
        return process.executable if process is not None else ""

    def wait(self, pid: int = -1) -> Ended | None:
        return self._kernel.lives.reap(self._process, self._pids, pid)

    def kill(self, pid: int, signal: int) -> None:
        if not 0 <= signal <= SIGNAL_MAX:
            raise Errno("EINVAL")
        targets = self._targets(pid)
        if not targets:
            raise Errno("ESRCH")
        allowed = [target for target in targets if self.uid in (0, target.uid)]
        if not allowed:
            raise Errno("EPERM")
        for target in allowed:
            if signal:
                self._kernel.lives.send(target, signal, self._pids)

    def processes(self) -> list[ProcessStatus]:
        return [self._status(process) for _, process in sorted(self._pids.processes.items())]

    def process_environment(self, pid: int) -> dict[str, str]:
        process = self._pids.processes.get(pid)
        if process is None:
            raise Errno("ESRCH")
        return dict(process.environment)

    def set_group(self, pid: int, group: int) -> None:
        target = self._pids.processes.get(pid or self.pid)
        if target is None or target.session != self._process.session:
            raise Errno("ESRCH")
        target.group = group or target.pid

    def group(self, pid: int = 0) -> int:
        target = self._pids.processes.get(pid or self.pid)
        if target is None:
            raise Errno("ESRCH")
        return target.group

    def set_session(self) -> None:
        process = self._process
        process.session = process.group = process.pid
        process.terminal = None

    def ignore_signals(self, numbers: Sequence[int]) -> None:
        self._process.ignored = frozenset(numbers)

    def ignored_signals(self) -> tuple[int, ...]:
        return tuple(sorted(self._process.ignored))

    def report_usage(
        self, *, cpu_milli: int | None = None, memory_bytes: int | None = None
    ) -> None:
        usage = self._process.usage
        if usage is None:
            usage = self._process.usage = Usage()
        if cpu_milli is not None:
            usage.cpu_milli = cpu_milli
        if memory_bytes is not None:
            usage.memory_bytes = memory_bytes
            self._kernel.lives.check_memory(self._sandbox, self._container)

    def set_user(self, uid: int, gid: int, groups: Sequence[int] = ()) -> None:
        process = self._process
        if process.uid and (uid, gid) != (process.uid, process.gid):
            raise Errno("EPERM")
        process.uid, process.gid, process.groups = uid, gid, tuple(groups)

    def _targets(self, pid: int) -> list[Process]:
        alive = [p for p in self._pids.processes.values() if p.ended is None]
        if pid > 0:
            return [process for process in alive if process.pid == pid]
        if pid == -1:
            return [process for process in alive if process.pid not in (1, self.pid)]
        group = -pid if pid else self._process.group
        return [process for process in alive if process.group == group]

    def _lookup(self, name: str, path: str | None = None) -> str:
        """The file that a command name stands for. ENOENT, EACCES."""
        if "/" in name:
            self._find(name)
            return name
        if not name:
            raise Errno("ENOENT")
        if path is None:
            path = self._process.environment.get("PATH", DEFAULT_PATH)
        refusal = "ENOENT"
        for directory in path.split(":"):
            candidate = f"{directory.rstrip('/')}/{name}" if directory else f"./{name}"
            try:
                node = self._find(candidate).found()
            except Errno as error:
                if error.name == "EACCES":
                    refusal = "EACCES"
                continue
            if isinstance(node, File):
                if may(node, self, 1):
                    return candidate
                refusal = "EACCES"
        raise Errno(refusal)

    def _make(self, program: str, arguments: list[str]) -> Program:
        factory = self._kernel.programs.get(program)
        if factory is None:
            raise Errno("ENOEXEC")
        return factory(arguments)

    def _status(self, process: Process) -> ProcessStatus:
        usage = process.usage
        state = "S"
        if process.ended is not None:
            state = "Z"
        elif process.is_stopped:
            state = "T"
        elif process.waits is None and process.program is not None:
            state = "R"
        terminal = process.terminal
        return ProcessStatus(
            process.pid,
            process.parent,
            process.group,
            process.session,
            process.uid,
            process.gid,
            state,
            tuple(process.arguments),
            process.start_ms,
            process.cpu_units // 1000,
            0 if process.ended else usage.memory_bytes if usage else 3 * 1024 * 1024,
            f"pts/{terminal.number}" if terminal is not None else "?",
            terminal is not None and terminal.foreground == process.group,
        )
