"""What a builtin is: a function on a `Call`, which gives a status, or a frame that goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from cluster_engine.runtime.system import System
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.state import State
from cluster_engine.shell.variables import VariableProblem

if TYPE_CHECKING:
    from cluster_engine.shell.frames.assignments import Assigned
    from cluster_engine.shell.interpreter import Shell

#: A status; a frame that gives one; None when the builtin has changed what the shell does.
Result: TypeAlias = "int | Frame | None"
EVERYWHERE = frozenset(("bash", "dash", "ash"))
BASH_AND_ASH = frozenset(("bash", "ash"))
BASH_ONLY = frozenset(("bash",))


class BuiltinProblem(Exception):
    """The builtin was called wrongly or cannot do it; the text follows its name."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


@dataclass(slots=True)
class Call:
    """One call of a builtin."""

    shell: Shell
    system: System
    arguments: list[str]
    #: Assignments that came with a declaration: `declare -a x=(…)`.
    assigned: list[Assigned] = field(default_factory=list)

    @property
    def state(self) -> State:
        """The shell's memory."""
        return self.shell.state

    @property
    def words(self) -> list[str]:
        """The arguments without the name."""
        return self.arguments[1:]

    def say(self, text: str) -> None:
        """Write to standard output."""
        self.shell.write(1, text)

    def line(self, text: str) -> None:
        """Write a line to standard output."""
        self.shell.write(1, f"{text}\n")

    def complain(self, text: str) -> None:
        """Write `bash: name: text` to standard error."""
        self.shell.complain(text, builtin=self.arguments[0])

    def flags(self, letters: str, words: list[str] | None = None) -> tuple[str, list[str]]:
        """Option letters, and the other words. Raises BuiltinProblem."""
        rest = list(self.words if words is None else words)
        found = ""
        while rest and rest[0].startswith("-") and len(rest[0]) > 1:
            word = rest.pop(0)
            if word == "--":
                break
            for letter in word[1:]:
                if letter not in letters:
                    raise BuiltinProblem(f"-{letter}: invalid option", 2)
                found += letter
        return found, rest


@dataclass(frozen=True, slots=True)
class Builtin:
    """A builtin."""

    name: str
    run: Callable[[Call], Result]
    dialects: frozenset[str] = EVERYWHERE
    #: One of POSIX' special builtins: no function hides it (but in bash).
    is_special: bool = False
    #: Its assignments are arguments, not for the time of the call.
    declares: bool = False

    def call(self, call: Call) -> Result:
        """Run it; problems become its complaints."""
        try:
            return self.run(call)
        except BuiltinProblem as problem:
            call.complain(str(problem))
            return problem.status
        except VariableProblem as problem:
            call.shell.complain(str(problem))
            return 1

    def is_special_in(self, state: State) -> bool:
        """Whether it comes before a function of the same name."""
        return self.is_special and state.dialect.name != "bash"
