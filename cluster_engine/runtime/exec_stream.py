"""A client's end of a command (or of a container's first process): the `Stream` of exec and attach.

It holds no bytes of its own; they wait in the session's pipes or terminal, inside the pod.

Models: k8s.io/kubelet/pkg/cri/streaming/remotecommand (v0.37.2).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from cluster_engine.apiserver.requests import (
    ERROR,
    RESIZE,
    STDERR,
    STDIN,
    STDOUT,
    Caller,
    Frame,
    Recipe,
)
from cluster_engine.runtime import signals
from cluster_engine.runtime.pipe import Pipe
from cluster_engine.runtime.sandbox import Container, Sandbox, Session
from cluster_engine.runtime.system import Ended
from cluster_engine.runtime.terminal import Terminal

if TYPE_CHECKING:
    from cluster_engine.runtime.kernel import Kernel

_SIDE_MAX = 4096


class ExecStream:
    """Fulfils `apiserver.requests.Stream` for one session.

    A kept terminal remembers what it has shown: its stream looks from a position, takes nothing
    away, and may be left and made again.
    """

    def __init__(
        self,
        kernel: Kernel,
        sandbox: Sandbox,
        session: Session,
        position: int = 0,
        *,
        is_told: bool = False,
    ) -> None:
        self.on_ready: Callable[[], None] | None = None
        self._kernel = kernel
        self._pod_id = sandbox.id
        self._session_id = session.id
        self._is_told = is_told
        self._is_done = False
        self._position = position

    @property
    def has_effects(self) -> bool:
        """Whether reading changes the cluster: makes room for whoever writes, frees what is over.
        What is written into it always does."""
        session = self._session()
        return session is None or session.label is None

    @property
    def label(self) -> str | None:
        """What the host called a kept terminal; None: it is none."""
        session = self._session()
        return session.label if session is not None else None

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows of the terminal; zeros when there is none."""
        session = self._session()
        terminal = session.terminal if session is not None else None
        return (terminal.columns, terminal.rows) if terminal is not None else (0, 0)

    def look_from(self, position: int) -> None:
        """Read a kept terminal again from there on."""
        self._position = position

    @property
    def position(self) -> int:
        """How many bytes of a kept terminal have been read, or gone by."""
        return self._position

    @property
    def is_done(self) -> bool:
        return self._is_done

    @property
    def has_room(self) -> bool:
        """Whether more input may be written now; the host should hold back while it may not."""
        session = self._session()
        return session is None or session.stdin is None or session.stdin.is_writable()

    def keep(self, label: str) -> bool:
        """Let the terminal live on without a client until `close`; whether there is one to keep.
        `label` is what `Clients.kept` tells of it."""
        session = self._session()
        if session is None or session.terminal is None or session.terminal.container_id:
            return False
        self._kernel.sandboxes.touch(self._pod_id)
        session.label = label
        session.terminal.keep()
        self._kernel.clients.kept[self._session_id] = self._pod_id
        self._kernel.changed(session.terminal)
        return True

    def recipe(self) -> Recipe | None:
        """See apiserver.requests.Stream."""
        if self._is_done or self._session() is None:
            return None
        return "exec", self._pod_id, self._session_id, self._position, self._is_told

    def ready(self) -> None:
        """Tell the client that there is something to read."""
        if not self._is_told and self.on_ready is not None:
            self._is_told = True
            self.on_ready()

    def read(self, bytes_max: int = 65536) -> list[Frame]:
        self._is_told = False
        session = self._session()
        if session is None:
            self._is_done = True
            return []
        frames: list[Frame] = []
        terminal = session.terminal
        if terminal is not None and session.label is not None:
            data, self._position = terminal.shown_after(self._position, bytes_max)
            if data:
                return [Frame(STDOUT, data)]
        elif terminal is not None and not terminal.container_id:
            self._take(frames, STDOUT, terminal.take_output(bytes_max), terminal)
        for channel, pipe in ((STDOUT, session.stdout), (STDERR, session.stderr)):
            if pipe is not None:
                self._take(frames, channel, pipe.read(bytes_max), pipe)
        if not frames and session.ended is not None and not self._is_done:
            self._is_done = True
            frames.append(Frame(ERROR, orjson.dumps(self._status(session, session.ended))))
            if session.label is None:
                self._kernel.clients.forget(self._pod_id, self._session_id)
        return frames

    def write(self, frame: Frame) -> None:
        session = self._session()
        if session is None or session.ended is not None:
            return
        self._kernel.sandboxes.touch(self._pod_id)
        if frame.channel == RESIZE:
            self._resize(session, frame.data)
        elif frame.channel == STDIN and session.terminal is not None:
            if frame.caller is not None:
                self._hand_over(session, session.terminal, frame.caller)
            self._type(session, session.terminal, frame.data)
        elif frame.channel == STDIN and session.stdin is not None:
            if session.stdin.readers and session.stdin.write(frame.data) < len(frame.data):
                self._kernel.clients.abort(self._kernel.sandboxes[self._pod_id], session)
            self._kernel.changed(session.stdin)

    def end_input(self, channel: int = STDIN) -> None:
        session = self._session()
        if channel != STDIN or session is None or session.stdin is None:
            return
        if not session.pid and not self._container(session).spec.is_stdin_once:
            return
        self._kernel.sandboxes.touch(self._pod_id)
        session.stdin.writers = 0
        self._kernel.changed(session.stdin)

    def close(self) -> None:
        self.on_ready = None
        self._is_done = True
        session = self._session()
        if session is None:
            return
        self._kernel.sandboxes.touch(self._pod_id)
        session.label = None
        self.end_input()
        terminal = session.terminal
        for pipe in (session.stdout, session.stderr):
            if pipe is not None:
                pipe.readers = 0
                pipe.buffer.clear()
                self._kernel.changed(pipe)
        if terminal is not None and not terminal.container_id:
            terminal.hang_up()
            self._kernel.changed(terminal)
            self._signal(session, terminal.foreground, signals.SIGHUP)
            self._signal(session, session.pid, signals.SIGHUP)
        self._kernel.clients.forget(self._pod_id, self._session_id)

    def _session(self) -> Session | None:
        sandbox = self._kernel.sandboxes.get(self._pod_id)
        return sandbox.sessions.get(self._session_id) if sandbox is not None else None

    def _container(self, session: Session) -> Container:
        return self._kernel.sandboxes[self._pod_id].containers[session.container_id]

    def _take(
        self, frames: list[Frame], channel: int, data: bytes | None, source: Pipe | Terminal
    ) -> None:
        if data:
            self._kernel.sandboxes.touch(self._pod_id)
            frames.append(Frame(channel, data))
            self._kernel.changed(source)

    def _type(self, session: Session, terminal: Terminal, data: bytes) -> None:
        for number in terminal.type(data):
            self._signal(session, terminal.foreground, number)
        self._kernel.changed(terminal)

    def _hand_over(self, session: Session, terminal: Terminal, person: Caller) -> None:
        """Somebody else types: what their keys lead to is theirs, what runs beside stays whose it
        was."""
        pids = self._kernel.sandboxes[self._pod_id].pids[session.namespace_key]
        leader = pids.processes.get(session.pid)
        if leader is None or leader.person in (None, person):
            return
        for process in pids.processes.values():
            if process is leader or (
                process.terminal is terminal and process.group == terminal.foreground
            ):
                process.person = person

    def _resize(self, session: Session, data: bytes) -> None:
        terminal = session.terminal
        if terminal is None:
            return
        try:
            size: Any = json.loads(data)
            columns, rows = int(size["Width"]), int(size["Height"])
        except (ValueError, KeyError, TypeError):
            return
        # A client whose own terminal has no size sends zeros: keep what there is.
        terminal.columns = min(columns, _SIDE_MAX) if columns > 0 else terminal.columns
        terminal.rows = min(rows, _SIDE_MAX) if rows > 0 else terminal.rows
        self._signal(session, terminal.foreground, signals.SIGWINCH)

    def _signal(self, session: Session, group: int, number: int) -> None:
        sandbox = self._kernel.sandboxes[self._pod_id]
        key = session.namespace_key
        self._kernel.lives.send_group(sandbox, key, group, number, is_outside=True)

    def _status(self, session: Session, ended: Ended) -> dict[str, Any]:
        if not session.pid or ended.status == 0:
            return {"metadata": {}, "status": "Success"}
        words = " ".join(session.command)
        return {
            "metadata": {},
            "status": "Failure",
            "message": "command terminated with non-zero exit code: error executing command "
            f"[{words}], exit code {ended.status}",
            "reason": "NonZeroExitCode",
            "details": {"causes": [{"reason": "ExitCode", "message": str(ended.status)}]},
        }


class FailedStream:
    """A stream for a command that could not be started: the Status only."""

    has_effects = False

    def __init__(self, problem: str) -> None:
        self.on_ready: Callable[[], None] | None = None
        message = f"Internal error occurred: error executing command in container: {problem}"
        cause = message.removeprefix("Internal error occurred: ")
        status = {
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": "InternalError",
            "details": {"causes": [{"message": cause}]},
            "code": 500,
        }
        self._frames = [Frame(ERROR, orjson.dumps(status))]

    @property
    def is_done(self) -> bool:
        return not self._frames

    def read(self, bytes_max: int = 65536) -> list[Frame]:
        frames, self._frames = self._frames, []
        return frames

    def write(self, frame: Frame) -> None:
        return

    def end_input(self, channel: int = STDIN) -> None:
        return

    def close(self) -> None:
        self._frames = []

    def recipe(self) -> Recipe | None:
        """See apiserver.requests.Stream. Whoever has not read it yet learns only of the end."""
        return None
