"""Waiting for processes that run in the foreground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime import signals
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Outcome, Waiting
from cluster_engine.runtime.system import Ended, System
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.state import Job

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell


class WaitFrame(Frame):
    """Waits for a pipeline's processes; its status is the last one's."""

    __slots__ = ("ended", "group", "pids", "source")

    def __init__(self, pids: list[int], group: int, source: str) -> None:
        self.pids = pids
        self.group = group
        self.source = source
        self.ended: dict[int, Ended] = {}

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        for pid in self.pids:
            if pid in self.ended:
                continue
            try:
                ended = system.wait(pid)
            except Errno:
                ended = Ended(pid, 127)
            if ended is None:
                left = tuple(each for each in self.pids if each not in self.ended)
                return Waiting(children=left)
            if ended.is_stopped:
                self._stopped(shell, system, ended)
                return None
            self.ended[pid] = ended
        self._finish(shell, system)
        return None

    def _finish(self, shell: Shell, system: System) -> None:
        statuses = [self.ended[pid].status for pid in self.pids]
        status = statuses[-1]
        if shell.state.options.pipefail:
            status = next((each for each in reversed(statuses) if each), 0)
        shell.state.pipe_statuses = statuses
        last = self.ended[self.pids[-1]]
        shell.take_terminal(system)
        self._tell_signal(shell, last)
        shell.finish(system, status)
        if last.signal == signals.SIGINT and shell.state.is_interactive:
            shell.write(2, "\n")
            shell.break_off(system, status)

    def _tell_signal(self, shell: Shell, ended: Ended) -> None:
        words = signals.DESCRIPTIONS.get(ended.signal, "")
        if not words or shell.state.is_subshell:
            return
        if ended.signal == signals.SIGQUIT or ended.signal == signals.SIGSEGV:
            words += " (core dumped)"
        if shell.state.is_interactive:
            shell.write(2, f"{words}\n")
        elif shell.state.dialect.name == "bash" and ended.signal != signals.SIGTERM:
            text = f"{shell.state.name}: line {max(shell.state.line, 1)}: "
            shell.write(2, f"{text}{ended.pid:5d} {words:<23} {self.source}\n")
        else:
            shell.write(2, f"{words}\n")

    def _stopped(self, shell: Shell, system: System, ended: Ended) -> None:
        shell.take_terminal(system)
        if not shell.state.is_interactive:
            return
        number = shell.next_job_number()
        job = Job(number, self.group, list(self.pids), self.source, is_stopped=True)
        job.ended = {pid: each.status for pid, each in self.ended.items()}
        job.is_told = True
        shell.state.jobs.append(job)
        shell.write(2, f"\n[{number}]+  Stopped                 {self.source}\n")
        shell.finish(system, 128 + ended.signal)
        shell.break_off(system, 128 + ended.signal)
