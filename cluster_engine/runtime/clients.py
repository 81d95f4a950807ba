"""Who is at the other end of a pod's terminals and pipes: clients of exec and attach, and commands
that run without one (probes, hooks).

Part of the kernel (`kernel.clients`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cluster_engine.apiserver.requests import Caller, Recipe, Stream
from cluster_engine.runtime import signals
from cluster_engine.runtime.calls.system import ProcessSystem
from cluster_engine.runtime.container import ExecResult, StartFailure
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.exec_stream import ExecStream, FailedStream
from cluster_engine.runtime.handles import DeviceHandle, Handle, PipeHandle, TerminalHandle
from cluster_engine.runtime.logs import STDOUT
from cluster_engine.runtime.pipe import Pipe
from cluster_engine.runtime.process import Process
from cluster_engine.runtime.sandbox import Container, Sandbox, Session
from cluster_engine.runtime.system import O_RDONLY, O_RDWR, O_WRONLY, Ended
from cluster_engine.runtime.terminal import Terminal
from cluster_engine.runtime.texts import exec_failure

if TYPE_CHECKING:
    from cluster_engine.runtime.kernel import Kernel

RESULT_BYTES_MAX = 10 * 1024
SESSIONS_PER_POD_MAX = 64


class Clients:
    """Sessions by number. The records lie in the pods; here are the streams of who is connected."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._streams: dict[int, ExecStream] = {}
        self.next_session = 1
        #: Commands without a client to their pods.
        self.commands: dict[int, str] = {}
        #: Terminals that live on without a client to their pods.
        self.kept: dict[int, str] = {}

    # Commands

    def exec(
        self,
        sandbox: Sandbox,
        container: Container,
        command: Sequence[str],
        *,
        stdin: bool,
        stdout: bool,
        stderr: bool,
        tty: bool,
        size: tuple[int, int],
        person: Caller | None = None,
    ) -> Stream:
        """Run a command with a client at its other end."""
        session = self._session(sandbox, container, command)
        input_max = self._kernel.limits.stream_buffer_bytes_max
        if tty:
            session.terminal = self._terminal(sandbox, session, size)
        else:
            session.stdin = self._pipe(session, input_max) if stdin else None
            session.stdout = self._pipe(session) if stdout else None
            session.stderr = self._pipe(session) if stderr else None
        try:
            self._start(sandbox, container, session, person)
        except Errno as error:
            del sandbox.sessions[session.id]
            exec_id = self._kernel.random(32).hex()
            return FailedStream(exec_failure(exec_id, command[0], error))
        return self.connect(sandbox, session)

    def run(self, sandbox: Sandbox, container: Container, command: Sequence[str]) -> int:
        """Run a command without a client. Raises StartFailure."""
        session = self._session(sandbox, container, command)
        session.is_silent = True
        session.stdout = session.stderr = self._pipe(session)
        try:
            self._start(sandbox, container, session)
        except Errno as error:
            del sandbox.sessions[session.id]
            exec_id = self._kernel.random(32).hex()
            raise StartFailure(exec_failure(exec_id, command[0], error)) from None
        self.commands[session.id] = sandbox.id
        return session.id

    def attach(
        self, sandbox: Sandbox, container: Container, *, stdin: bool, stdout: bool, stderr: bool
    ) -> Stream:
        """Join a container's first process."""
        session = self._session(sandbox, container, ())
        session.namespace_key = container.namespace_key
        container.attached.append(session.id)
        if container.terminal is not None:
            session.terminal = container.terminal
            session.stdout = self._pipe(session)
            session.stdout.readers = session.stdout.writers = 1
        else:
            session.stdin = container.stdin if stdin else None
            wanted = (stdout, stderr)
            pipes = [self._pipe(session) if wants else None for wants in wanted]
            session.stdout, session.stderr = pipes
            for output, pipe in zip(container.outputs, pipes, strict=True):
                if pipe is not None:
                    pipe.readers = pipe.writers = 1
                    output.copies.append(pipe)
        return self.connect(sandbox, session)

    def connect(
        self, sandbox: Sandbox, session: Session, position: int = 0, *, is_told: bool = False
    ) -> ExecStream:
        """A stream for a session; one that was connected before hears no more of it."""
        stream = ExecStream(self._kernel, sandbox, session, position, is_told=is_told)
        self._streams[session.id] = stream
        return stream

    def kept_terminals(self) -> dict[str, Recipe]:
        """The labels of all terminals that are kept, each with the recipe of a stream from the
        beginning of what it remembers."""
        found: dict[str, Recipe] = {}
        for number, pod_id in self.kept.items():
            sandbox = self._kernel.sandboxes.get(pod_id)
            session = sandbox.sessions.get(number) if sandbox is not None else None
            if session is not None and session.label is not None:
                found[session.label] = ("exec", pod_id, number, 0, False)
        return found

    # What happens

    def changed(self, source: Pipe | Terminal) -> None:
        """A pipe or terminal has bytes for its client, or room for more."""
        if isinstance(source, Terminal) and source.container_id:
            self._drain(source)
            return
        stream = self._streams.get(source.owner)
        if stream is not None:
            stream.ready()
        elif source.owner and isinstance(source, Pipe):
            self._keep_result(source)

    def session_ended(self, sandbox: Sandbox, number: int, ended: Ended) -> None:
        """The command of a session has ended."""
        session = sandbox.sessions.get(number)
        if session is None:
            return
        session.ended = ended
        if session.is_silent:
            output = bytes(session.stdout.buffer) if session.stdout is not None else b""
            del sandbox.sessions[number]
            self.commands.pop(number, None)
            if self._kernel.listener is not None:
                result = ExecResult(ended.status, output[:RESULT_BYTES_MAX])
                self._kernel.listener.command_finished(number, result)
            return
        if session.terminal is not None:
            pids = sandbox.pids[session.namespace_key]
            for process in list(pids.processes.values()):
                if process.terminal is session.terminal:
                    self._kernel.lives.send(process, signals.SIGHUP, pids, is_outside=True)
        if number in self._streams:
            self._streams[number].ready()
        elif session.label is None:
            del sandbox.sessions[number]

    def container_ended(self, sandbox: Sandbox, container: Container, ended: Ended) -> None:
        """The first process of a container has ended: who is attached to it is told."""
        for number in container.attached:
            session = sandbox.sessions.get(number)
            if session is not None:
                session.ended = ended
                if number in self._streams:
                    self._streams[number].ready()

    def forget(self, pod_id: str, number: int) -> None:
        """The client has gone, or knows how it ended."""
        self._streams.pop(number, None)
        self.kept.pop(number, None)
        sandbox = self._kernel.sandboxes.get(pod_id)
        session = sandbox.sessions.get(number) if sandbox is not None else None
        if sandbox is None or session is None:
            return
        container = sandbox.containers.get(session.container_id)
        if not session.pid and container is not None:
            if number in container.attached:
                container.attached.remove(number)
            for output in container.outputs:
                output.copies = [
                    pipe
                    for pipe in output.copies
                    if pipe is not session.stdout and pipe is not session.stderr
                ]
        if session.ended is not None or not session.pid:
            del sandbox.sessions[number]

    def abort(self, sandbox: Sandbox, session: Session) -> None:
        """Kill the command of a session."""
        pids = sandbox.pids.get(session.namespace_key)
        process = pids.processes.get(session.pid) if pids is not None else None
        if pids is not None and process is not None:
            lives = self._kernel.lives
            lives.send(process, signals.SIGKILL, pids, is_outside=True)

    def forget_all(self) -> None:
        """Nobody is connected (in a copy of the cluster)."""
        self._streams.clear()

    # Parts

    def _session(self, sandbox: Sandbox, container: Container, command: Sequence[str]) -> Session:
        if len(sandbox.sessions) >= SESSIONS_PER_POD_MAX:
            raise StartFailure("too many sessions")
        session = Session(self.next_session, container.spec.id, command=tuple(command))
        self.next_session += 1
        sandbox.sessions[session.id] = session
        return session

    def _pipe(self, session: Session, bytes_max: int = 65536) -> Pipe:
        pipe = Pipe(bytes_max)
        pipe.owner = session.id
        pipe.number = 50_000 + session.id
        return pipe

    def _terminal(self, sandbox: Sandbox, session: Session, size: tuple[int, int]) -> Terminal:
        used = {
            held.terminal.number for held in sandbox.sessions.values() if held.terminal is not None
        }
        number = next(n for n in range(len(used) + 1) if n not in used)
        terminal = Terminal(number, *size)
        terminal.owner = session.id
        return terminal

    def _start(
        self,
        sandbox: Sandbox,
        container: Container,
        session: Session,
        person: Caller | None = None,
    ) -> None:
        kernel = self._kernel
        process = kernel.new_process(sandbox, container, session.command, session.terminal)
        process.person = person
        system = ProcessSystem(kernel, sandbox, process)
        system.load(process, list(session.command))
        pids = sandbox.pids[container.namespace_key]
        process.session_id = session.id
        session.namespace_key = pids.key
        session.pid = process.pid
        self._give_descriptors(process, session)
        kernel.lives.add(process, pids)

    def _give_descriptors(self, process: Process, session: Session) -> None:
        handles: list[Handle]
        if session.terminal is not None:
            session.terminal.foreground = process.group
            handles = [TerminalHandle(session.terminal, O_RDWR)] * 3
        else:
            handles = [DeviceHandle("/dev/null", O_RDWR, "null")] * 3
            if session.stdin is not None:
                session.stdin.writers = 1
                handles[0] = PipeHandle(session.stdin, O_RDONLY)
            for fd, pipe in ((1, session.stdout), (2, session.stderr)):
                if pipe is not None:
                    pipe.readers = 1
                    handles[fd] = PipeHandle(pipe, O_WRONLY)
        for fd, handle in enumerate(handles):
            handle.references += 1
            process.fds[fd] = handle

    def _keep_result(self, pipe: Pipe) -> None:
        """Let a command without a client write on: only the beginning is kept."""
        if pipe.readers and len(pipe.buffer) > RESULT_BYTES_MAX:
            del pipe.buffer[RESULT_BYTES_MAX:]

    def _drain(self, terminal: Terminal) -> None:
        """A container's terminal: its output goes to the log and to who is attached."""
        data = terminal.take_output(len(terminal.output))
        found = self._kernel.find(terminal.container_id)
        if not data or found is None:
            return
        sandbox, container = found
        container.log.write(STDOUT, data.replace(b"\r\n", b"\n"), self._kernel.now_ms)
        self._kernel.logged(container.spec.id)
        for number in container.attached:
            session = sandbox.sessions.get(number)
            if session is not None and session.stdout is not None:
                session.stdout.write(data)
                if number in self._streams:
                    self._streams[number].ready()
