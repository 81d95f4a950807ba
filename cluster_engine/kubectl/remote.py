"""A conversation with a process in a container: exec, attach, and what `cp` and `run` do with it.

Models: k8s.io/kubectl/pkg/cmd/exec and k8s.io/client-go/tools/remotecommand (v0.37.2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import ERROR, RESIZE, STDERR, STDIN, STDOUT, Frame
from cluster_engine.kubectl.errors import KubectlError, PlainError
from cluster_engine.kubectl.session import Session
from cluster_engine.runtime.program import Waiting
from cluster_engine.runtime.system import System, TerminalMode

_RAW = TerminalMode(is_canonical=False, has_echo=False, has_signals=False, has_newlines=False)
_WINDOW_CHANGED = 28
_CHUNK_BYTES = 32 * 1024
_OUTPUT_BYTES_MAX = 64 * 1024 * 1024


@dataclass(slots=True)
class Conversation:
    """Passes bytes both ways until the remote side says how it ended."""

    path: str
    query: dict[str, Any]
    has_stdin: bool
    has_tty: bool
    fd: int = -1
    status: Object | None = None
    has_input_ended: bool = False
    window: tuple[int, int] = (0, 0)
    #: The terminal's mode before, while it is raw.
    old_mode: TerminalMode | None = None
    has_ended: bool = False
    #: Said when it has ended well.
    farewell: str = ""

    def step(self, session: Session) -> int | Waiting:
        """Go on; the exit code at the end. Raises StatusError when the server refuses."""
        system = session.system
        if self.has_ended:
            self._restore(system)
            return self._ending(session)
        if self.fd < 0:
            self._open(session)
        self._resize(system)
        waits: tuple[int, ...] = (self.fd,)
        if self.has_stdin and not self.has_input_ended:
            waits = (*waits, 0)
            self._send_input(system)
        frames = system.read_frames(self.fd)
        for frame in frames or ():
            self._take(session, frame)
        if frames == []:
            # What came last is written before the terminal is as it was.
            self.has_ended = True
            return Waiting()
        return Waiting(readable=waits)

    def signal(self, system: System, number: int) -> bool:
        """A changed window is told to the other side; anything else ends the conversation."""
        if number == _WINDOW_CHANGED:
            return True
        self._restore(system)
        return False

    def _open(self, session: Session) -> None:
        system = session.system
        stream = session.client.stream("POST", self.path, self.query)
        self.fd = system.open_stream(stream)
        if self.has_tty:
            self.old_mode = system.terminal_mode(0)
            system.set_terminal_mode(0, _RAW)

    def _restore(self, system: System) -> None:
        if self.old_mode is not None:
            system.set_terminal_mode(0, self.old_mode)
            self.old_mode = None

    def _resize(self, system: System) -> None:
        if not self.has_tty:
            return
        window = system.window_size(0)
        if window != self.window:
            self.window = window
            data = json.dumps({"Width": window[0], "Height": window[1]}).encode()
            system.write_frame(self.fd, Frame(RESIZE, data))

    def _send_input(self, system: System) -> None:
        data = system.read(0, 16384)
        if data:
            system.write_frame(self.fd, Frame(STDIN, data))
        elif data is not None:
            self.has_input_ended = True
            system.end_stream_input(self.fd)

    def _take(self, session: Session, frame: Frame) -> None:
        if frame.channel == STDOUT:
            session.write(frame.data)
        elif frame.channel == STDERR:
            session.write_err(frame.data)
        elif frame.channel == ERROR:
            try:
                self.status = json.loads(frame.data)
            except ValueError:
                self.status = {
                    "status": "Failure",
                    "message": frame.data.decode("utf-8", "replace"),
                }

    def _ending(self, session: Session) -> int:
        status = self.status
        if status is None or status.get("status") == "Success":
            if self.farewell:
                session.out(self.farewell)
            return 0
        if status.get("reason") == "NonZeroExitCode":
            code = _exit_code(status)
            raise PlainError(f"command terminated with exit code {code}", code)
        raise KubectlError(str(status.get("message") or "unknown error"))


def terminal_wanted(session: Session, *, is_quiet: bool = False) -> bool:
    """Whether a terminal can be had, as --stdin and --tty ask."""
    flags = session.flags
    if not flags.is_on("stdin") or not flags.is_on("tty"):
        return False
    if session.system.is_tty(0):
        return True
    if not is_quiet:
        session.err("Unable to use a TTY - input is not a terminal or the right kind of file")
    return False


@dataclass(slots=True)
class Exchange:
    """A command in a container that gets all its input at once and whose output is collected."""

    path: str
    query: dict[str, Any]
    data: bytes = b""
    shows_errors: bool = True
    fd: int = -1
    output: bytes = b""
    status: Object | None = None

    def step(self, session: Session) -> int | Waiting:
        """The exit code in the end. Raises KubectlError when it could not be run."""
        system = session.system
        if self.fd < 0:
            stream = session.client.stream("POST", self.path, self.query)
            self.fd = system.open_stream(stream)
        if self.query["stdin"]:
            self._send(system)
        frames = system.read_frames(self.fd)
        for frame in frames or ():
            if frame.channel == STDOUT and len(self.output) < _OUTPUT_BYTES_MAX:
                self.output += frame.data
            elif frame.channel == STDERR and self.shows_errors:
                session.write_err(frame.data)
            elif frame.channel == ERROR:
                self.status = json.loads(frame.data)
        if frames == []:
            system.close(self.fd)
            return self._code()
        return Waiting(readable=(self.fd,))

    def _send(self, system: System) -> None:
        while self.data:
            chunk, self.data = self.data[:_CHUNK_BYTES], self.data[_CHUNK_BYTES:]
            system.write_frame(self.fd, Frame(STDIN, chunk))
        system.end_stream_input(self.fd)
        self.query = {**self.query, "stdin": False}

    def _code(self) -> int:
        status = self.status
        if status is None or status.get("status") == "Success":
            return 0
        if status.get("reason") == "NonZeroExitCode":
            return _exit_code(status)
        raise KubectlError(str(status.get("message") or "unknown error"))


def _exit_code(status: Object) -> int:
    for cause in (status.get("details") or {}).get("causes") or ():
        if cause.get("reason") == "ExitCode":
            return int(cause.get("message") or 1)
    return 1
