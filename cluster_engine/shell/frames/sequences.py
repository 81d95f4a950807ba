"""Commands one after the other: lists, && and ||, groups, subshells, functions' definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.syntax.nodes import AndOr, Command, Function, Sequence, Subshell

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell


class SequenceFrame(Frame):
    """Runs the items of a sequence. `is_last`: nothing comes after them in this process."""

    __slots__ = ("index", "is_last", "node")

    def __init__(self, node: Sequence, is_last: bool) -> None:
        self.node = node
        self.index = 0
        self.is_last = is_last

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        items = self.node.items
        if self.index == len(items):
            shell.pop(system)
            return None
        item = items[self.index]
        self.index += 1
        if item.is_background:
            shell.start_background(system, item)
        else:
            is_last = self.is_last and self.index == len(items)
            shell.run(item.command, is_last=is_last, source=item.source)
        return None


class AndOrFrame(Frame):
    """Runs `a && b || c`."""

    __slots__ = ("index", "is_last", "node")

    def __init__(self, node: AndOr, is_last: bool) -> None:
        self.node = node
        self.index = -1
        self.is_last = is_last

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        rest = self.node.rest
        while self.index < len(rest):
            position = self.index
            self.index += 1
            command = self.node.first
            if position >= 0:
                operator, command = rest[position]
                if (shell.state.status == 0) != (operator == "&&"):
                    continue
            if position == len(rest) - 1:
                shell.run(command, is_last=self.is_last)
            else:
                shell.push(TestedFrame(command))
            return None
        shell.pop(system)
        return None


class TestedFrame(Frame):
    """Runs a command whose failure is an answer, not an error (`set -e` does not look)."""

    __slots__ = ("is_begun", "node")

    def __init__(self, node: Command) -> None:
        self.node = node
        self.is_begun = False

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.is_begun:
            shell.pop(system)
            return None
        self.is_begun = True
        shell.tested += 1
        shell.run(self.node)
        return None

    def leave(self, shell: Shell, system: System) -> None:
        if self.is_begun:
            shell.tested -= 1


class SubshellFrame(Frame):
    """Runs `( … )` in a process of its own."""

    __slots__ = ("is_begun", "is_last", "node")

    def __init__(self, node: Subshell, is_last: bool) -> None:
        self.node = node
        self.is_begun = False
        self.is_last = is_last

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.is_begun:
            shell.pop(system)
            shell.check_error(system)
            return None
        self.is_begun = True
        shell.start_foreground(system, [self.node.body], "")
        return None


class FunctionDefinitionFrame(Frame):
    """Defines a function."""

    __slots__ = ("node",)

    def __init__(self, node: Function) -> None:
        self.node = node

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        shell.state.functions[self.node.name] = self.node
        shell.finish(system, 0)
        return None
