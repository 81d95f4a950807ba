"""Pipelines: several commands side by side, negation, time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.syntax.nodes import Pipeline

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell


class PipelineFrame(Frame):
    """Runs `! time a | b`."""

    __slots__ = ("is_begun", "node", "source", "started_ms")

    def __init__(self, node: Pipeline, source: str) -> None:
        self.node = node
        self.source = source
        self.is_begun = False
        self.started_ms = 0

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        node = self.node
        if not self.is_begun:
            self.is_begun = True
            self.started_ms = system.now_ms
            shell.tested += node.is_negated
            if len(node.commands) == 1:
                shell.run(node.commands[0], source=self.source)
            else:
                shell.start_foreground(system, list(node.commands), self.source)
            return None
        if node.is_timed:
            self._tell_time(shell, system)
        shell.pop(system)
        if node.is_negated:
            shell.state.status = int(shell.state.status == 0)
        elif len(node.commands) > 1:
            shell.check_error(system)
        return None

    def leave(self, shell: Shell, system: System) -> None:
        if self.is_begun:
            shell.tested -= self.node.is_negated

    def _tell_time(self, shell: Shell, system: System) -> None:
        elapsed_ms = system.now_ms - self.started_ms
        minutes, rest = divmod(elapsed_ms, 60_000)
        real = f"{minutes}m{rest / 1000:.3f}s"
        shell.write(2, f"\nreal\t{real}\nuser\t0m0.001s\nsys\t0m0.002s\n")
