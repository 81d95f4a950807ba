"""The tree of an awk program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Regex:
    """A pattern; by itself it asks whether the record matches."""

    source: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or an array where one is meant."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    index: Expression


@dataclass(frozen=True, slots=True)
class Item:
    """An element of an array."""

    name: str
    keys: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Expressions in parentheses with commas between: for `in` and for print."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """`target = value`, or `target += value` with `operator` "+"."""

    operator: str
    target: Target
    value: Expression


@dataclass(frozen=True, slots=True)
class Step:
    """++ and --."""

    target: Target
    by: int
    is_after: bool


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, comparison, and " " for two texts in a row."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    """&& and ||."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Matches:
    subject: Expression
    pattern: Expression
    is_negated: bool


@dataclass(frozen=True, slots=True)
class Choice:
    condition: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class Contains:
    """`key in array`."""

    keys: tuple[Expression, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the program's own."""

    name: str
    arguments: tuple[Expression, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Builtin:
    name: str
    arguments: tuple[Expression, ...]
    line: int


@dataclass(frozen=True, slots=True)
class GetLine:
    """Reads a record: of the input, of a file, of a command."""

    origin: Literal["input", "file", "command"]
    source: Expression | None
    target: Target | None


Target: TypeAlias = Name | Field | Item
Expression: TypeAlias = (
    Number
    | Text
    | Regex
    | Name
    | Field
    | Item
    | Group
    | Assign
    | Step
    | Unary
    | Binary
    | Logic
    | Matches
    | Choice
    | Contains
    | Call
    | Builtin
    | GetLine
)


@dataclass(frozen=True, slots=True)
class Block:
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Evaluate:
    expression: Expression


@dataclass(frozen=True, slots=True)
class If:
    condition: Expression
    yes: Statement
    no: Statement | None


@dataclass(frozen=True, slots=True)
class Loop:
    """while, do and for. Without a condition it goes on for ever."""

    before: Statement | None
    condition: Expression | None
    after: Statement | None
    body: Statement
    is_body_first: bool = False


@dataclass(frozen=True, slots=True)
class ForEach:
    """`for (name in array)`."""

    name: str
    array: str
    body: Statement


@dataclass(frozen=True, slots=True)
class Print:
    """print and printf; `redirect` is "", ">", ">>" or "|"."""

    is_formatted: bool
    arguments: tuple[Expression, ...]
    redirect: str
    destination: Expression | None


@dataclass(frozen=True, slots=True)
class Jump:
    """break, continue, next, nextfile."""

    word: str


@dataclass(frozen=True, slots=True)
class Leave:
    """return and exit."""

    word: str
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Delete:
    """An element; without keys the whole array."""

    name: str
    keys: tuple[Expression, ...] | None


Statement: TypeAlias = Block | Evaluate | If | Loop | ForEach | Print | Jump | Leave | Delete


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, or two for a range; without a body the record is printed."""

    patterns: tuple[Expression, ...]
    body: Block | None


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    parameters: tuple[str, ...]
    body: Block


@dataclass(slots=True)
class Script:
    """A whole program."""

    begins: list[Block] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    ends: list[Block] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
