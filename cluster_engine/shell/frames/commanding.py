"""Running words that are expanded already: `command`, `builtin`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.syntax.nodes import Literal, Simple, Word

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell


class CommandFrame(Frame):
    """Runs words as a command that no function hides."""

    __slots__ = ("is_begun", "words")

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.is_begun = False

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.is_begun:
            shell.pop(system)
            return None
        self.is_begun = True
        words = tuple(Word((Literal(word, True),), word) for word in self.words)
        shell.hidden_functions += 1
        shell.run(Simple((), words, (), shell.state.line))
        return None

    def leave(self, shell: Shell, system: System) -> None:
        if self.is_begun:
            shell.hidden_functions -= 1
