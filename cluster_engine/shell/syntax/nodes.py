"""What a script consists of. Immutable data: shared by copies, pickled with whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

# Words


@dataclass(frozen=True, slots=True)
class Literal:
    """Text as it is; quoted text is neither split nor globbed."""

    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """Parts between double quotes."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name` or `${…}`. `operator` is "" for the plain value, else one of the signs of the shell
    (`:-`, `#`, `%%`, `/`, `:` for a substring, `^^` …); "length" for `${#x}`, "keys" for
    `${!x[@]}`, "indirect" for `${!x}`."""

    name: str
    operator: str = ""
    argument: Word | None = None
    #: The replacement of `/`, the length of `:`.
    second: Word | None = None
    index: Word | None = None
    #: As it was written, for the text of errors.
    source: str = ""


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(…)`: the output of commands."""

    body: Command | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ProcessSubstitution:
    """`<(…)` or `>(…)`: a path that reads from or writes to commands."""

    body: Command | None
    is_output: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((…))`."""

    expression: Word


Part: TypeAlias = "Literal | Quoted | Parameter | Substitution | ProcessSubstitution | Arithmetic"


@dataclass(frozen=True, slots=True)
class Word:
    """Parts side by side. `source` is as it was written."""

    parts: tuple[Part, ...]
    source: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is unquoted literal text only."""
        return all(isinstance(part, Literal) and not part.is_quoted for part in self.parts)


# Commands


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name=value`, `name[index]+=value`, `name=(…)`."""

    name: str
    value: Word | None
    index: Word | None = None
    is_appending: bool = False
    #: The elements of an array, each with its index if it has one.
    elements: tuple[tuple[Word | None, Word], ...] | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """`2> file`. Operators: < > >> >| <> <& >& &> &>> << <<<."""

    operator: str
    target: Word
    fd: int | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """Assignments, words and redirects."""

    assignments: tuple[Assignment, ...] = ()
    words: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirects."""

    command: Command
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by pipes."""

    commands: tuple[Command, ...]
    is_negated: bool = False
    is_timed: bool = False


@dataclass(frozen=True, slots=True)
class AndOr:
    """`first && a || b`: the rest as (operator, pipeline)."""

    first: Command
    rest: tuple[tuple[str, Command], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One command of a sequence; `source` is what `jobs` shows."""

    command: Command
    is_background: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """Commands one after the other."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`{ …; }`."""

    body: Command


@dataclass(frozen=True, slots=True)
class Subshell:
    """`( … )`."""

    body: Command


@dataclass(frozen=True, slots=True)
class If:
    """(condition, body) pairs, then what else."""

    clauses: tuple[tuple[Command, Command], ...]
    otherwise: Command | None = None


@dataclass(frozen=True, slots=True)
class While:
    """`while` or `until`."""

    condition: Command
    body: Command
    is_until: bool = False


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words`; words None: the positional parameters. `select` is one too."""

    name: str
    words: tuple[Word, ...] | None
    body: Command
    is_select: bool = False
    line: int = 1


@dataclass(frozen=True, slots=True)
class CountingFor:
    """`for ((start; condition; step))`."""

    start: Word
    condition: Word
    step: Word
    body: Command


@dataclass(frozen=True, slots=True)
class CaseItem:
    """Patterns and body; `end` is `;;`, `;&` or `;;&`."""

    patterns: tuple[Word, ...]
    body: Command | None
    end: str = ";;"


@dataclass(frozen=True, slots=True)
class Case:
    """`case word in …`."""

    word: Word
    items: tuple[CaseItem, ...]
    line: int = 1


@dataclass(frozen=True, slots=True)
class Function:
    """`name() body`."""

    name: str
    body: Command
    source: str = ""


@dataclass(frozen=True, slots=True)
class ArithmeticCommand:
    """`((…))`."""

    expression: Word
    line: int = 1


@dataclass(frozen=True, slots=True)
class Test:
    """A condition of `[[ … ]]`: operator and its words, or conditions for `!`, `&&`, `||`."""

    operator: str
    words: tuple[Word, ...] = ()
    conditions: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditional:
    """`[[ … ]]`."""

    test: Test
    line: int = 1


Command: TypeAlias = (
    "Simple | Redirected | Pipeline | AndOr | Sequence | Group | Subshell | If | While | For | "
    "CountingFor | Case | Function | ArithmeticCommand | Conditional"
)
