"""Calling a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.syntax.nodes import Function

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell

CALLS_MAX = 200


class FunctionFrame(Frame):
    """Runs a function's body with its own parameters and locals."""

    __slots__ = ("is_begun", "node", "saved", "words")

    def __init__(self, node: Function, words: list[str]) -> None:
        self.node = node
        self.words = words
        self.saved: list[str] = []
        self.is_begun = False

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.is_begun:
            shell.pop(system)
            return None
        state = shell.state
        if len(state.calls) >= CALLS_MAX:
            shell.complain(
                f"{self.node.name}: maximum function nesting level exceeded ({CALLS_MAX})"
            )
            shell.finish(system, 1)
            shell.break_off(system, 1)
            return None
        self.is_begun = True
        self.saved = state.positional
        state.positional = self.words[1:]
        state.calls.append(self.node.name)
        state.variables.enter()
        shell.run(self.node.body)
        return None

    def leave(self, shell: Shell, system: System) -> None:
        if self.is_begun:
            shell.state.positional = self.saved
            shell.state.calls.pop()
            shell.state.variables.leave()
