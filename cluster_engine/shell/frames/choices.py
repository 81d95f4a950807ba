"""if, case, [[ ]], (( ))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.conditions import ConditionProblem, holds
from cluster_engine.shell.expansion.expander import Expander
from cluster_engine.shell.expansion.parameters import ExpansionProblem
from cluster_engine.shell.expansion.pattern import compile_pattern
from cluster_engine.shell.frames.frame import ExpandingFrame, Frame
from cluster_engine.shell.frames.sequences import TestedFrame
from cluster_engine.shell.syntax.nodes import ArithmeticCommand, Case, Conditional, If

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell


class IfFrame(Frame):
    """Runs an `if`."""

    __slots__ = ("index", "is_decided", "is_last", "node")

    def __init__(self, node: If, is_last: bool) -> None:
        self.node = node
        self.index = -1
        self.is_decided = False
        self.is_last = is_last

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        clauses = self.node.clauses
        if self.is_decided:
            shell.pop(system)
            return None
        if self.index >= 0 and shell.state.status == 0:
            self.is_decided = True
            shell.run(clauses[self.index][1], is_last=self.is_last)
            return None
        self.index += 1
        if self.index < len(clauses):
            shell.push(TestedFrame(clauses[self.index][0]))
            return None
        self.is_decided = True
        if self.node.otherwise is not None:
            shell.run(self.node.otherwise, is_last=self.is_last)
        else:
            shell.state.status = 0
        return None


class CaseFrame(ExpandingFrame):
    """Runs a `case`: patterns are expanded one by one until one matches."""

    __slots__ = ("falls_through", "item", "node", "pattern", "subject")

    def __init__(self, node: Case) -> None:
        super().__init__()
        self.node = node
        self.subject: str | None = None
        self.item = 0
        self.pattern = 0
        self.falls_through = False

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.subject is None:
            shell.state.line = self.node.line
            self.subject = self.expand(shell, system, lambda e: e.text(self.node.word))
            if self.subject is not None:
                shell.state.status = 0
            return None
        if self.item >= len(self.node.items):
            shell.pop(system)
            return None
        item = self.node.items[self.item]
        if not self.falls_through:
            if self.pattern == len(item.patterns):
                self.item, self.pattern = self.item + 1, 0
                return None
            word = item.patterns[self.pattern]
            pattern = self.expand(shell, system, lambda e: e.pattern(word))
            if pattern is None:
                return None
            self.pattern += 1
            if not self._matches(shell, pattern):
                return None
        self.falls_through = item.end == ";&"
        self.item = self.item + 1 if item.end in (";&", ";;&") else len(self.node.items)
        self.pattern = 0
        if item.body is not None:
            shell.run(item.body)
        return None

    def _matches(self, shell: Shell, pattern: str) -> bool:
        subject = self.subject or ""
        if shell.state.options.nocasematch:
            return compile_pattern(pattern.lower()).matches(subject.lower())
        return compile_pattern(pattern).matches(subject)


class ConditionalFrame(ExpandingFrame):
    """Runs `[[ … ]]`."""

    __slots__ = ("node",)

    def __init__(self, node: Conditional) -> None:
        super().__init__()
        self.node = node

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        def decide(expander: Expander) -> int:
            shell.state.line = self.node.line
            try:
                return 0 if holds(self.node.test, expander, shell.state, system) else 1
            except ConditionProblem as problem:
                shell.complain(str(problem))
                return 2

        status = self.expand(shell, system, decide)
        if status is not None:
            shell.finish(system, status)
            shell.done(system)
        return None


class ArithmeticFrame(ExpandingFrame):
    """Runs `((…))`: fails when the value is 0."""

    __slots__ = ("node",)

    def __init__(self, node: ArithmeticCommand) -> None:
        super().__init__()
        self.node = node

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        def decide(expander: Expander) -> int:
            shell.state.line = self.node.line
            try:
                return expander.arithmetic(self.node.expression)
            except ExpansionProblem as problem:
                shell.complain(f"((: {problem}")
                return 0

        value = self.expand(shell, system, decide)
        if value is not None:
            shell.finish(system, 0 if value else 1)
            shell.done(system)
        return None
