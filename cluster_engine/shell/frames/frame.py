"""The base of frames, and how a frame asks for the output of commands while it expands words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.expansion.expander import Expander, NeedsCommand
from cluster_engine.shell.expansion.parameters import ExpansionProblem

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell

Result = TypeVar("Result")


class Frame:
    """One thing that is being done. Its attributes are data."""

    __slots__ = ()

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        """Do a bounded piece of work: push a frame, or pop itself. An outcome: it has to wait."""
        raise NotImplementedError

    def leave(self, shell: Shell, system: System) -> None:
        """It is over, or broken off: put back what it had changed."""


class ExpandingFrame(Frame):
    """A frame that expands words; `results` are the outputs of commands that it needed."""

    __slots__ = ("results",)

    def __init__(self) -> None:
        self.results: list[str] = []

    def expand(
        self, shell: Shell, system: System, work: Callable[[Expander], Result]
    ) -> Result | None:
        """What `work` makes with an expander; None when commands must run first, or when it
        failed (then the frame is gone). Assignments made on the way have taken effect."""
        expander = Expander(shell.state, system, self.results)
        try:
            found = work(expander)
            expander.commit()
        except NeedsCommand as need:
            shell.substitute(system, need.node)
            return None
        except ExpansionProblem as problem:
            shell.expansion_failed(system, problem)
            return None
        self.results = []
        return found
