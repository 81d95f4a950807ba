"""Where commands come from: a text (a script, `-c`, eval, source, a trap), standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.program import AGAIN, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.syntax.parser import Incomplete, Parser, SyntaxProblem
from cluster_engine.shell.syntax.problems import incomplete_text, syntax_text

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell

LINE_BYTES_MAX = 1024 * 1024
_READS_PER_STEP = 4096
#: What is missing is told with the line where it began.
_QUOTES = frozenset(("'", '"', "`", "}"))


def tell_problem(shell: Shell, problem: Incomplete | SyntaxProblem, prefix: str = "") -> None:
    """Complain about a text that cannot be read."""
    state = shell.state
    state.line = problem.line
    if isinstance(problem, Incomplete):
        if problem.wanted not in _QUOTES and state.dialect.name == "bash":
            state.line += 1
        shell.complain(incomplete_text(problem, state.dialect), prefix)
        return
    shell.complain(syntax_text(problem, state.dialect), prefix)
    if state.dialect.name == "bash" and not state.is_interactive and problem.source:
        shell.complain(f"`{problem.source}'", prefix)


class TextFrame(Frame):
    """Runs the commands of a text, one complete command after the other.

    `is_last`: when the text is over, so is the process (`sh -c`): its last program may replace it.
    """

    __slots__ = ("has_failed", "is_last", "line", "position", "prefix", "text")

    def __init__(
        self, text: str, *, is_last: bool = False, prefix: str = "", line: int = 1
    ) -> None:
        self.text = text
        self.position = 0
        self.line = line
        self.is_last = is_last
        #: What bash puts before a syntax error: "-c: ", "eval: ".
        self.prefix = prefix
        self.has_failed = False

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        state = shell.state
        if shell.loose:
            shell.close_loose(system)
        aliases = state.aliases if state.options.expand_aliases else None
        parser = Parser(self.text, state.dialect, self.position, self.line, aliases)
        before = self.position
        try:
            found = parser.next_command()
        except (Incomplete, SyntaxProblem) as problem:
            tell_problem(shell, problem, self.prefix if state.dialect.name == "bash" else "")
            shell.finish(system, 2)
            shell.syntax_failed(system)
            return None
        if found is None:
            shell.pop(system)
            return None
        self.text, self.position, self.line = parser.text, found.position, found.line
        system.work((self.position - before) // 4)
        if state.options.noexec:
            return None
        is_last = self.is_last and not self.text[self.position :].strip()
        shell.run(found.sequence, is_last=is_last)
        return None


class SourceFrame(TextFrame):
    """`source`: `return` ends it. `saved` are the parameters before, when it has its own."""

    __slots__ = ("saved",)

    def __init__(self, text: str, saved: list[str] | None) -> None:
        super().__init__(text)
        self.saved = saved

    def leave(self, shell: Shell, system: System) -> None:
        if self.saved is not None:
            shell.state.positional = self.saved
            self.saved = None


class TrapFrame(TextFrame):
    """The commands of a trap: the status before stays."""

    __slots__ = ("status",)

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status

    def leave(self, shell: Shell, system: System) -> None:
        shell.state.status = self.status


class InputFrame(Frame):
    """Reads commands from standard input, byte by byte, so that they may read the rest of it."""

    __slots__ = ("data", "is_ended", "line", "text")

    def __init__(self) -> None:
        self.text = ""
        #: A line that has not come to its end.
        self.data = b""
        self.line = 1
        self.is_ended = False

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.text or self.is_ended:
            parser = Parser(self.text, shell.state.dialect, 0, self.line)
            try:
                found = parser.next_command()
            except Incomplete as problem:
                if self.is_ended:
                    tell_problem(shell, problem)
                    shell.finish(system, 2)
                    return None
                found = None
            except SyntaxProblem as problem:
                tell_problem(shell, problem)
                shell.finish(system, 2)
                shell.syntax_failed(system)
                return None
            else:
                if found is not None:
                    self.text = self.text[found.position :]
                    self.line = found.line
                    shell.run(found.sequence)
                    return None
                self.line += self.text.count("\n")
                self.text = ""
            if self.is_ended:
                shell.pop(system)
                return None
        return self._read(system)

    def _read(self, system: System) -> Outcome | None:
        data = bytearray(self.data)
        for _ in range(_READS_PER_STEP):
            byte = system.read(0, 1)
            if byte is None:
                self.data = bytes(data)
                return Waiting(readable=(0,))
            self.is_ended = not byte or len(data) > LINE_BYTES_MAX
            data += byte
            if self.is_ended or byte == b"\n":
                break
        else:
            self.data = bytes(data)
            return AGAIN
        self.text += data.decode("utf-8", "surrogateescape")
        self.data = b""
        return None
