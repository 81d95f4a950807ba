"""Calls on terminals."""

from __future__ import annotations

from dataclasses import replace

from cluster_engine.runtime.calls.processes import ProcessCalls
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.handles import TerminalHandle
from cluster_engine.runtime.system import TerminalMode
from cluster_engine.runtime.terminal import Terminal


class TerminalCalls(ProcessCalls):
    """See System."""

    __slots__ = ()

    def is_tty(self, fd: int) -> bool:
        return isinstance(self._process.fds.get(fd), TerminalHandle)

    def window_size(self, fd: int) -> tuple[int, int]:
        terminal = self._terminal(fd)
        return terminal.columns, terminal.rows

    def terminal_mode(self, fd: int) -> TerminalMode:
        return replace(self._terminal(fd).mode)

    def set_terminal_mode(self, fd: int, mode: TerminalMode) -> None:
        self._terminal(fd).set_mode(replace(mode))

    def set_raw(self, fd: int, is_raw: bool) -> None:
        mode = TerminalMode(not is_raw, not is_raw, not is_raw)
        self._terminal(fd).set_mode(mode)

    def foreground(self, fd: int) -> int:
        return self._terminal(fd).foreground

    def set_foreground(self, fd: int, group: int) -> None:
        terminal = self._terminal(fd)
        terminal.foreground = group
        self._kernel.changed(terminal)

    def _terminal(self, fd: int) -> Terminal:
        handle = self._process.handle(fd)
        if not isinstance(handle, TerminalHandle):
            raise Errno("ENOTTY")
        return handle.terminal
