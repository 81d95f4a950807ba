"""Turns the tree of an awk program into steps for the machine.

A step is `(operation, argument)`; operations are methods of `machine.Machine`. Expressions leave
their value on the machine's stack. A slot is a global variable's name or a parameter's number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cluster_engine.shell.commands.awk.limits import AwkProblem
from cluster_engine.shell.commands.awk.nodes import (
    Assign,
    Binary,
    Block,
    Builtin,
    Call,
    Choice,
    Contains,
    Delete,
    Evaluate,
    Expression,
    Field,
    ForEach,
    GetLine,
    If,
    Item,
    Jump,
    Leave,
    Logic,
    Loop,
    Matches,
    Name,
    Number,
    Print,
    Regex,
    Script,
    Statement,
    Step,
    Target,
    Text,
    Unary,
)

Slot: TypeAlias = str | int
Instruction: TypeAlias = tuple[str, Any]
_UNARY = {"!": "negate", "-": "minus", "+": "plus"}
_COMPARISONS = ("<", "<=", "==", "!=", ">", ">=")


@dataclass(slots=True)
class Compiled:
    """A whole program."""

    code: list[Instruction] = field(default_factory=list)
    #: Name to where it begins, and how many parameters it has.
    functions: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Where the next record is read, and where the end begins; -1: it does not read.
    loop: int = -1
    end: int = -1
    ranges: int = 0


def compile_script(script: Script) -> Compiled:
    """The steps of a program. Raises AwkProblem."""
    return _Compiler(script).compile()


class _Compiler:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._found = Compiled()
        self._code = self._found.code
        self._parameters: dict[str, int] = {}
        #: For each loop around: where break and continue jump from.
        self._breaks: list[list[int]] = []
        self._continues: list[list[int]] = []

    def compile(self) -> Compiled:
        script, found = self._script, self._found
        for function in script.functions.values():
            # A function may be called before its own steps are known.
            found.functions[function.name] = (-1, len(function.parameters))
        for block in script.begins:
            self._statement(block)
        if script.rules or script.ends:
            found.loop = len(self._code)
            over = self._jump("record")
            for rule in script.rules:
                self._rule(rule.patterns, rule.body)
            self._emit("jump", found.loop)
            self._land(over)
        found.end = len(self._code)
        for block in script.ends:
            self._statement(block)
        self._emit("halt")
        for function in script.functions.values():
            self._parameters = {name: at for at, name in enumerate(function.parameters)}
            found.functions[function.name] = (len(self._code), len(function.parameters))
            self._statement(function.body)
            self._emit("constant", None)
            self._emit("return")
        return found

    # Steps

    def _emit(self, operation: str, argument: Any = None) -> None:
        self._code.append((operation, argument))

    def _jump(self, operation: str) -> int:
        """A jump to a place that is not known yet (see `_land`)."""
        self._code.append((operation, -1))
        return len(self._code) - 1

    def _land(self, *jumps: int) -> None:
        """Those jumps lead here."""
        for at in jumps:
            self._code[at] = (self._code[at][0], len(self._code))

    def _slot(self, name: str) -> Slot:
        return self._parameters.get(name, name)

    # Rules

    def _rule(self, patterns: tuple[Expression, ...], body: Block | None) -> None:
        skips: list[int] = []
        if len(patterns) == 1:
            self._expression(patterns[0])
            skips.append(self._jump("jump_if_false"))
        elif patterns:
            number = self._found.ranges
            self._found.ranges += 1
            self._emit("in_range", number)
            inside = self._jump("jump_if_true")
            self._expression(patterns[0])
            skips.append(self._jump("jump_if_false"))
            self._emit("set_range", (number, True))
            self._land(inside)
            self._expression(patterns[1])
            goes_on = self._jump("jump_if_false")
            self._emit("set_range", (number, False))
            self._land(goes_on)
        if body is None:
            self._emit("print", (0, "", False))
        else:
            self._statement(body)
        self._land(*skips)

    # Statements

    def _statement(self, node: Statement) -> None:
        match node:
            case Block():
                for statement in node.statements:
                    self._statement(statement)
            case Evaluate():
                self._expression(node.expression)
                self._emit("pop")
            case If():
                self._if(node)
            case Loop():
                self._loop(node)
            case ForEach():
                self._for_each(node)
            case Print():
                self._print(node)
            case Jump():
                self._leave_loop(node.word)
            case Leave():
                self._leave(node)
            case Delete():
                self._delete(node)

    def _if(self, node: If) -> None:
        self._expression(node.condition)
        otherwise = self._jump("jump_if_false")
        self._statement(node.yes)
        if node.no is None:
            self._land(otherwise)
            return
        over = self._jump("jump")
        self._land(otherwise)
        self._statement(node.no)
        self._land(over)

    def _loop(self, node: Loop) -> None:
        if node.before is not None:
            self._statement(node.before)
        start = len(self._code)
        leaves: list[int] = []
        if node.condition is not None and not node.is_body_first:
            self._expression(node.condition)
            leaves.append(self._jump("jump_if_false"))
        self._breaks.append([])
        self._continues.append([])
        self._statement(node.body)
        self._land(*self._continues.pop())
        if node.after is not None:
            self._statement(node.after)
        if node.condition is not None and node.is_body_first:
            self._expression(node.condition)
            self._emit("jump_if_true", start)
        else:
            self._emit("jump", start)
        self._land(*leaves, *self._breaks.pop())

    def _for_each(self, node: ForEach) -> None:
        self._emit("each", self._slot(node.array))
        start = len(self._code)
        over = self._jump("each_next")
        self._emit("store", self._slot(node.name))
        self._emit("pop")
        self._breaks.append([])
        self._continues.append([])
        self._statement(node.body)
        self._land(*self._continues.pop())
        self._emit("jump", start)
        breaks = self._breaks.pop()
        if breaks:
            self._land(*breaks)
            self._emit("pop")
        self._land(over)

    def _leave_loop(self, word: str) -> None:
        if word in ("break", "continue"):
            (self._breaks if word == "break" else self._continues)[-1].append(self._jump("jump"))
        else:
            self._emit(word)

    def _leave(self, node: Leave) -> None:
        if node.value is not None:
            self._expression(node.value)
        elif node.word == "return":
            self._emit("constant", None)
        self._emit(node.word, node.value is not None)

    def _print(self, node: Print) -> None:
        for part in node.arguments:
            self._expression(part)
        if node.destination is not None:
            self._expression(node.destination)
        operation = "printf" if node.is_formatted else "print"
        has_destination = node.destination is not None
        self._emit(operation, (len(node.arguments), node.redirect, has_destination))

    def _delete(self, node: Delete) -> None:
        if node.keys is None:
            self._emit("clear", self._slot(node.name))
            return
        self._keys(node.keys)
        self._emit("delete", self._slot(node.name))

    # Expressions

    def _expression(self, node: Expression) -> None:
        match node:
            case Number() | Text():
                self._emit("constant", node.value)
            case Regex():
                self._emit("match_record", node.source)
            case Name() | Field() | Item():
                self._prepare(node)
                self._load(node)
            case Assign():
                self._assign(node)
            case Step():
                self._prepare(node.target)
                self._step(node)
            case Unary():
                self._expression(node.operand)
                self._emit(_UNARY[node.operator])
            case Binary():
                self._binary(node)
            case Logic():
                self._logic(node)
            case Matches():
                self._expression(node.subject)
                self._pattern(node.pattern)
                self._emit("match", node.is_negated)
            case Choice():
                self._choice(node)
            case Contains():
                self._keys(node.keys)
                self._emit("contains", self._slot(node.name))
            case Call():
                self._call(node)
            case Builtin():
                self._builtin(node)
            case GetLine():
                self._get_line(node)
            case _:
                raise AwkProblem("syntax error at or near )", "Unexpected token")

    def _binary(self, node: Binary) -> None:
        """Long rows of operands lean to the left; they are no reason to go deep."""
        row: list[Binary] = [node]
        while isinstance(row[-1].left, Binary):
            row.append(row[-1].left)
        self._expression(row[-1].left)
        for part in reversed(row):
            self._expression(part.right)
            self._emit("compare" if part.operator in _COMPARISONS else "calculate", part.operator)

    def _logic(self, node: Logic) -> None:
        row: list[Logic] = [node]
        while isinstance(row[-1].left, Logic):
            row.append(row[-1].left)
        self._expression(row[-1].left)
        for part in reversed(row):
            self._emit("boolean")
            decided = self._jump("and" if part.operator == "&&" else "or")
            self._expression(part.right)
            self._emit("boolean")
            self._land(decided)

    def _choice(self, node: Choice) -> None:
        self._expression(node.condition)
        otherwise = self._jump("jump_if_false")
        self._expression(node.yes)
        over = self._jump("jump")
        self._land(otherwise)
        self._expression(node.no)
        self._land(over)

    def _pattern(self, node: Expression) -> None:
        """A pattern as such: not whether the record matches it."""
        if isinstance(node, Regex):
            self._emit("constant", node.source)
        else:
            self._expression(node)

    def _keys(self, keys: tuple[Expression, ...]) -> None:
        for key in keys:
            self._expression(key)
        self._emit("key", len(keys))

    # Targets

    def _prepare(self, target: Target) -> None:
        """Leave on the stack which field or element is meant."""
        if isinstance(target, Field):
            self._expression(target.index)
        elif isinstance(target, Item):
            self._keys(target.keys)

    def _load(self, target: Target) -> None:
        if isinstance(target, Field):
            self._emit("field")
        elif isinstance(target, Item):
            self._emit("item", self._slot(target.name))
        else:
            self._emit("load", self._slot(target.name))

    def _store(self, target: Target, operation: str = "store") -> None:
        if isinstance(target, Field):
            self._emit(f"{operation}_field")
        elif isinstance(target, Item):
            self._emit(f"{operation}_item", self._slot(target.name))
        else:
            self._emit(operation, self._slot(target.name))

    def _assign(self, node: Assign) -> None:
        self._prepare(node.target)
        if node.operator:
            if not isinstance(node.target, Name):
                self._emit("double")
            self._load(node.target)
        self._expression(node.value)
        if node.operator:
            self._emit("calculate", node.operator)
        self._store(node.target)

    def _step(self, node: Step) -> None:
        how = (node.by, node.is_after)
        if isinstance(node.target, Field):
            self._emit("step_field", how)
        elif isinstance(node.target, Item):
            self._emit("step_item", (self._slot(node.target.name), *how))
        else:
            self._emit("step", (self._slot(node.target.name), *how))

    # Functions

    def _call(self, node: Call) -> None:
        _, most = self._found.functions[node.name]
        if len(node.arguments) > most:
            raise AwkProblem(
                f"too many arguments in call to {node.name}", "Too many arguments", node.line
            )
        for argument in node.arguments:
            if isinstance(argument, Name):
                self._emit("argument", self._slot(argument.name))
            else:
                self._expression(argument)
        self._emit("call", (node.name, len(node.arguments)))

    def _builtin(self, node: Builtin) -> None:
        name, arguments = node.name, node.arguments
        if name == "split":
            self._split(node)
        elif name in ("sub", "gsub"):
            self._substitute(node)
        elif name == "length" and arguments and isinstance(arguments[0], Name):
            self._emit("length", self._slot(arguments[0].name))
        else:
            for number, argument in enumerate(arguments):
                is_pattern = (name, number) in (("match", 1), ("gensub", 0))
                (self._pattern if is_pattern else self._expression)(argument)
            if name in ("system", "close", "fflush"):
                self._emit(name, len(arguments))
            else:
                self._emit("builtin", (name, len(arguments)))

    def _split(self, node: Builtin) -> None:
        subject, array, *separator = node.arguments
        if not isinstance(array, Name):
            raise AwkProblem("syntax error at or near ,", "Unexpected token", node.line)
        self._expression(subject)
        for pattern in separator:
            self._pattern(pattern)
        is_pattern = bool(separator) and isinstance(separator[0], Regex)
        self._emit("split", (self._slot(array.name), bool(separator), is_pattern))

    def _substitute(self, node: Builtin) -> None:
        pattern, replacement, *rest = node.arguments
        target: Expression = rest[0] if rest else Field(Number(0.0))
        if not isinstance(target, Name | Field | Item):
            self._expression(target)
            self._replace(pattern, replacement, node.name == "gsub")
            self._emit("keep_nothing")
            return
        self._prepare(target)
        if not isinstance(target, Name):
            self._emit("double")
        self._load(target)
        self._replace(pattern, replacement, node.name == "gsub")
        self._store(target, "keep")

    def _replace(self, pattern: Expression, replacement: Expression, is_global: bool) -> None:
        self._pattern(pattern)
        self._expression(replacement)
        self._emit("substitute", is_global)

    def _get_line(self, node: GetLine) -> None:
        if node.target is not None:
            self._prepare(node.target)
        if node.source is not None:
            self._expression(node.source)
        self._emit("get_line", (node.origin, node.target is not None))
        if node.target is not None:
            self._store(node.target, "keep")
