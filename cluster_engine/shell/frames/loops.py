"""while, until, for, select. A loop can be broken off from inside: see `LoopFrame`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.frames.frame import ExpandingFrame
from cluster_engine.shell.frames.sequences import TestedFrame
from cluster_engine.shell.syntax.nodes import CountingFor, For, While
from cluster_engine.shell.variables import VariableProblem

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell


class LoopFrame(ExpandingFrame):
    """The base of loops. `last` is the status of the last round."""

    __slots__ = ("last",)

    def __init__(self) -> None:
        super().__init__()
        self.last = 0

    def go_on(self) -> None:
        """`continue`: the body was left; the next `advance` begins the next round."""

    def end(self, shell: Shell, system: System) -> None:
        """The loop is over: its status is that of the last round."""
        shell.finish(system, self.last)


class WhileFrame(LoopFrame):
    """Runs `while` and `until`."""

    __slots__ = ("node", "stage")

    def __init__(self, node: While) -> None:
        super().__init__()
        self.node = node
        #: What has just run: "" nothing, "condition", "body".
        self.stage = ""

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.stage == "condition":
            if (shell.state.status == 0) == self.node.is_until:
                self.end(shell, system)
                return None
            self.stage = "body"
            shell.run(self.node.body)
            return None
        if self.stage == "body":
            self.last = shell.state.status
        self.stage = "condition"
        shell.push(TestedFrame(self.node.condition))
        return None

    def go_on(self) -> None:
        self.stage = "body"


class ForFrame(LoopFrame):
    """Runs `for name in words`."""

    __slots__ = ("index", "is_begun", "node", "values")

    def __init__(self, node: For) -> None:
        super().__init__()
        self.node = node
        self.values: list[str] | None = None
        self.index = 0
        self.is_begun = False

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.values is None:
            shell.state.line = self.node.line
            words = self.node.words
            if words is None:
                self.values = list(shell.state.positional)
            else:
                self.values = self.expand(shell, system, lambda e: e.fields(words))
            return None
        if self.is_begun:
            self.last = shell.state.status
        if self.index == len(self.values):
            self.end(shell, system)
            return None
        try:
            shell.state.variables.set(self.node.name, self.values[self.index])
        except VariableProblem as problem:
            shell.complain(str(problem))
            self.last = 1
            self.end(shell, system)
            return None
        self.is_begun = True
        self.index += 1
        shell.run(self.node.body)
        return None


class CountingForFrame(LoopFrame):
    """Runs `for ((start; condition; step))`."""

    __slots__ = ("node", "stage")

    def __init__(self, node: CountingFor) -> None:
        super().__init__()
        self.node = node
        self.stage = "start"

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.stage == "body":
            self.last = shell.state.status
            self.stage = "step"
        if self.stage in ("start", "step"):
            word = self.node.start if self.stage == "start" else self.node.step
            if self.expand(shell, system, lambda e: e.arithmetic(word)) is not None:
                self.stage = "condition"
            return None
        condition = self.node.condition
        value: int | None = 1
        if condition.source.strip():
            value = self.expand(shell, system, lambda e: e.arithmetic(condition))
        if value is None:
            return None
        if not value:
            self.end(shell, system)
            return None
        self.stage = "body"
        shell.run(self.node.body)
        return None

    def go_on(self) -> None:
        self.stage = "body"


class SelectFrame(LoopFrame):
    """Runs `select name in words`: a menu, an answer, the body."""

    __slots__ = ("line", "node", "stage", "values")

    def __init__(self, node: For) -> None:
        super().__init__()
        self.node = node
        self.values: list[str] | None = None
        self.stage = "menu"
        self.line = b""

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.values is None:
            words = self.node.words
            if words is None:
                self.values = list(shell.state.positional)
            else:
                self.values = self.expand(shell, system, lambda e: e.fields(words))
            return None
        if not self.values:
            self.end(shell, system)
            return None
        if self.stage == "menu":
            menu = "".join(f"{n}) {value}\n" for n, value in enumerate(self.values, 1))
            shell.write(2, menu)
            self.stage = "prompt"
        if self.stage == "prompt":
            shell.write(2, shell.state.variables.get("PS3") or "#? ")
            self.stage = "answer"
            self.line = b""
            return None
        return self._answer(shell, system, self.values)

    def go_on(self) -> None:
        self.stage = "prompt"

    def _answer(self, shell: Shell, system: System, values: list[str]) -> Outcome | None:
        if self.stage == "body":
            self.last = shell.state.status
            self.stage = "prompt"
            return None
        while not self.line.endswith(b"\n"):
            data = system.read(0, 1)
            if data is None:
                return shell.until_readable(0)
            if not data:
                self.last = 1
                self.end(shell, system)
                return None
            self.line += data
        text = self.line.decode(errors="replace").strip()
        number = int(text) if text.isdecimal() else 0
        chosen = values[number - 1] if 0 < number <= len(values) else ""
        shell.state.variables.set("REPLY", text)
        shell.state.variables.set(self.node.name, chosen)
        self.stage = "body" if text else "menu"
        if text:
            shell.run(self.node.body)
        return None
