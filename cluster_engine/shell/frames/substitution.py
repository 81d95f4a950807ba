"""Gathering the output of commands for a frame that expands words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Outcome, Waiting
from cluster_engine.runtime.system import Ended, System
from cluster_engine.shell.frames.frame import ExpandingFrame, Frame
from cluster_engine.shell.syntax.nodes import Substitution

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell

OUTPUT_BYTES_MAX = 1024 * 1024
_READS_PER_STEP = 16


class SubstitutionFrame(Frame):
    """Runs `$(…)` in a subshell and gives its output to the frame below."""

    __slots__ = ("data", "node", "pid", "reader")

    def __init__(self, node: Substitution) -> None:
        self.node = node
        self.data = bytearray()
        self.reader = -1
        self.pid = 0

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if not self.pid:
            if self.node.body is None:
                self._give(shell, system, Ended(0))
                return None
            self._start(shell, system)
            return None
        if self.reader >= 0:
            for _ in range(_READS_PER_STEP):
                data = system.read(self.reader)
                if data is None:
                    return Waiting(readable=(self.reader,))
                if not data or len(self.data) > OUTPUT_BYTES_MAX:
                    system.close(self.reader)
                    self.reader = -1
                    break
                self.data += data
            return None
        try:
            ended = system.wait(self.pid)
        except Errno:
            ended = Ended(self.pid)
        if ended is None:
            return Waiting(children=(self.pid,))
        if not ended.is_stopped:
            self._give(shell, system, ended)
        return None

    def leave(self, shell: Shell, system: System) -> None:
        if self.reader >= 0:
            system.close(self.reader)
            self.reader = -1

    def _start(self, shell: Shell, system: System) -> None:
        assert self.node.body is not None
        try:
            reader, writer = system.pipe()
        except Errno as error:
            shell.complain(f"cannot make pipe for command substitution: {error.text}")
            self._give(shell, system, Ended(0, 1))
            return
        self.reader = shell.move_up(system, reader)
        try:
            self.pid = shell.spawn_subshell(system, self.node.body, {1: writer}, group=None)
        except Errno as error:
            shell.complain(f"fork: {error.text}")
            self._give(shell, system, Ended(0, 1))
        system.close(writer)

    def _give(self, shell: Shell, system: System, ended: Ended) -> None:
        text = self.data.replace(b"\0", b"").decode("utf-8", "surrogateescape").rstrip("\n")
        shell.pop(system)
        shell.state.status = ended.status
        shell.has_substituted = True
        below = shell.frames[-1]
        assert isinstance(below, ExpandingFrame)
        below.results.append(text)
