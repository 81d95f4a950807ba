"""Takes the steps of a compiled awk program, as many at a time as it is allowed.

Everything is in attributes, so that a program can stop after any step and go on later: the stack
of values, the frames of functions that have been called, the variables. A step that cannot be
taken yet raises `Blocked` before it has changed anything, and is taken again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.awk.compiler import Compiled, Instruction, Slot
from cluster_engine.shell.commands.awk.formats import Formatter
from cluster_engine.shell.commands.awk.inputs import Inputs
from cluster_engine.shell.commands.awk.lexer import unescaped
from cluster_engine.shell.commands.awk.limits import (
    CALL_DEPTH_MAX,
    ELEMENTS_MAX,
    MEMORY_BYTES_MAX,
    AwkFault,
    AwkProblem,
    too_much,
)
from cluster_engine.shell.commands.awk.record import Patterns, Record
from cluster_engine.shell.commands.awk.streams import Streams
from cluster_engine.shell.commands.awk.values import (
    Array,
    Input,
    Scalar,
    Shower,
    Value,
    bounded,
    is_numeric,
    to_boolean,
    to_number,
)

_OUTPUT_BYTES_FULL = 64 * 1024
#: What an element of an array takes besides its text.
_ELEMENT_BYTES = 100


class Blocked(Exception):
    """Something else has to happen first."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Machine:
    """A program that runs."""

    def __init__(self, compiled: Compiled, *, is_busybox: bool) -> None:
        self._code: list[Instruction] = compiled.code
        self.compiled = compiled
        self.is_busybox = is_busybox
        self.shower = Shower(is_busybox=is_busybox)
        self.formatter = Formatter(self.shower, is_busybox=is_busybox)
        self.patterns = Patterns()
        self.record = Record(self.shower, self.patterns)
        self.streams = Streams()
        self.inputs = Inputs()
        self.out = bytearray()
        self.at = 0
        self.stack: list[Any] = []
        #: Of each call: where it goes on, and where its parameters begin on the stack.
        self._frames: list[tuple[int, int]] = []
        self._ranges = [False] * compiled.ranges
        self.variables: dict[str, Value] = {
            "CONVFMT": "%.6g",
            "FILENAME": None,
            "FNR": 0.0,
            "FS": " ",
            "NR": 0.0,
            "OFMT": "%.6g",
            "OFS": " ",
            "ORS": "\n",
            "RLENGTH": -1.0,
            "RS": "\n",
            "RSTART": 0.0,
            "SUBSEP": "\x1c",
        }
        #: The command that `system` waits for.
        self.child = 0
        self.seed = 0.0
        self.random: int | None = None
        self._elements = 0
        self._bytes = 0
        self.code = 0
        self.is_over = False
        self.is_ending = False
        #: Work of this turn besides the steps themselves.
        self.spent = 0

    def run(self, system: System, steps: int, operations: Operations) -> Outcome | None:
        """Take steps; what to wait for when that is why it stopped. Raises AwkProblem."""
        code, self.spent = self._code, 0
        left = steps
        while left > 0 and not self.is_over:
            name, argument = code[self.at]
            self.at += 1
            try:
                operations[name](self, system, argument)
            except Blocked as blocked:
                self.at -= 1
                return blocked.outcome
            left -= 1
            if self.spent > steps or len(self.out) > _OUTPUT_BYTES_FULL:
                break
        system.work(steps - left + self.spent)
        return None

    # Values

    def text(self, value: Value) -> str:
        """A value as a text."""
        if isinstance(value, str):
            return value
        return self.shower.text(value, self.setting("CONVFMT"))

    def setting(self, name: str) -> str:
        """One of the variables that say how things are done."""
        value = self.variables.get(name)
        return value if isinstance(value, str) else self.shower.text(value, "%.6g")

    def pop_text(self) -> str:
        """The value on top, as a text."""
        return self.text(self.stack.pop())

    def get(self, slot: Slot) -> Value:
        """What a variable or parameter holds, array or not."""
        if isinstance(slot, int):
            found: Value = self.stack[self._frames[-1][1] + slot]
            return found
        return self.variables.get(slot)

    def put(self, slot: Slot, value: Value) -> None:
        """Change what a variable or parameter holds."""
        if isinstance(slot, int):
            self.stack[self._frames[-1][1] + slot] = value
        else:
            self.variables[slot] = value

    def load(self, slot: Slot) -> Scalar:
        """The value of a variable. Raises AwkFault for an array."""
        value = self.get(slot)
        if isinstance(value, Array):
            if value:
                raise AwkProblem(f"illegal reference to array {slot}", "Not a scalar")
            return None
        if slot == "NF":
            return float(self.record.count())
        return value

    def store(self, slot: Slot, value: Scalar) -> None:
        """Set a variable."""
        if isinstance(self.get(slot), Array) and self.get(slot):
            raise AwkProblem(f"illegal reference to array {slot}", "Not a scalar")
        if slot == "NF":
            self.record.set_count(int(to_number(value)))
        else:
            self.put(slot, value)

    def array(self, slot: Slot) -> Array:
        """An array, made when there is none yet."""
        found = self.get(slot)
        if isinstance(found, Array):
            return found
        if found is not None:
            raise AwkProblem(f"illegal reference to variable {slot}", "Not an array")
        made = Array()
        self.put(slot, made)
        return made

    def put_item(self, array: Array, key: str, value: Scalar) -> None:
        """Set an element. Raises AwkFault when there is too much."""
        size = len(value) if isinstance(value, str) else 0
        if key in array:
            old = array[key]
            self._bytes += size - (len(old) if isinstance(old, str) else 0)
        else:
            self._elements += 1
            self._bytes += size + len(key) + _ELEMENT_BYTES
        if self._elements > ELEMENTS_MAX or self._bytes > MEMORY_BYTES_MAX:
            raise too_much()
        array[key] = value

    def remove_item(self, array: Array, key: str) -> None:
        """Remove an element, if it is there."""
        if key in array:
            value = array.pop(key)
            self._elements -= 1
            self._bytes -= len(key) + _ELEMENT_BYTES + (len(value) if isinstance(value, str) else 0)

    def empty(self, array: Array) -> None:
        """Remove all elements."""
        for key in list(array):
            self.remove_item(array, key)

    # Fields

    def field(self, number: int) -> Scalar:
        """A field, $0 among them."""
        if number < 0:
            raise AwkFault(f"negative field index ${number}", "Access to negative field")
        if number == 0:
            return self.record.text(self.setting("OFS"), self.setting("CONVFMT"))
        return self.record.field(number)

    def set_field(self, number: int, value: Scalar) -> None:
        """Change a field."""
        if number == 0:
            self.set_record(self.text(value))
        else:
            self.record.set_field(number, value)

    def set_record(self, text: str) -> None:
        """A new $0."""
        has_paragraphs = self.setting("RS") == ""
        self.record.set(text, self.setting("FS"), has_paragraphs=has_paragraphs)

    # Arguments

    def argument(self, place: int) -> str | None:
        """What ARGV says at a place; None beyond ARGC."""
        if place >= to_number(self.variables.get("ARGC")):
            return None
        array = self.variables.get("ARGV")
        return self.text(array.get(str(place))) if isinstance(array, Array) else ""

    def assign(self, name: str, text: str) -> None:
        """Set a variable as the command line does."""
        self.store(name, Input(bounded(unescaped(text, is_busybox=self.is_busybox))))

    # Control

    def call(self, name: str, given: int) -> None:
        """Go to a function; its arguments are on top."""
        entry, count = self.compiled.functions[name]
        if len(self._frames) >= CALL_DEPTH_MAX:
            raise AwkFault("function call nesting too deep", "out of memory")
        self._frames.append((self.at, len(self.stack) - given))
        self.stack.extend([None] * (count - given))
        self.at = entry

    def leave(self) -> None:
        """Go back from a function with the value on top."""
        value = self.stack.pop()
        if self._frames:
            self.at, base = self._frames.pop()
            del self.stack[base:]
        self.stack.append(value)

    def go(self, place: int) -> None:
        """Drop everything that was under way and go on elsewhere."""
        self.stack.clear()
        self._frames.clear()
        self.at = place

    def finish(self, code: int | None) -> None:
        """exit: on to the end; from there, out."""
        if code is not None:
            self.code = code
        if self.is_ending or self.compiled.loop < 0:
            self.is_over = True
        self.is_ending = True
        self.go(self.compiled.end)

    def in_range(self, number: int) -> bool:
        """Whether a rule's range has begun."""
        return self._ranges[number]

    def set_range(self, number: int, is_inside: bool) -> None:
        """A rule's range begins or ends."""
        self._ranges[number] = is_inside


Operation: TypeAlias = Callable[[Machine, System, Any], None]
Operations: TypeAlias = Mapping[str, Operation]


def calculate(machine: Machine, operator: str, left: Value, right: Value) -> Scalar:
    """Two values and an operator: arithmetic, or " " to join them."""
    if operator == " ":
        return bounded(machine.text(left) + machine.text(right))
    a, b = to_number(left), to_number(right)
    try:
        match operator:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
            case "/":
                return a / b
            case "%":
                return math.fmod(a, b)
            case _:
                return _power(a, b)
    except ZeroDivisionError:
        if machine.is_busybox:
            raise AwkFault("division by zero", "Division by zero") from None
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a)
    except ValueError:
        if machine.is_busybox and b == 0:
            raise AwkFault("division by zero", "Division by zero") from None
        return math.nan


def _power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return math.inf if a > 0 or b % 2 == 0 else -math.inf


def compare(machine: Machine, operator: str, left: Value, right: Value) -> bool:
    """Compare as numbers if both may be numbers, else as texts."""
    a: Any
    b: Any
    if is_numeric(left) and is_numeric(right):
        a, b = to_number(left), to_number(right)
    else:
        a, b = str(machine.text(left)), str(machine.text(right))
    match operator:
        case "<":
            return bool(a < b)
        case "<=":
            return bool(a <= b)
        case "==":
            return bool(a == b)
        case "!=":
            return bool(a != b)
        case ">":
            return bool(a > b)
        case _:
            return bool(a >= b)


def truth(value: Value) -> float:
    """1 or 0."""
    return 1.0 if to_boolean(value) else 0.0


__all__ = [
    "Blocked",
    "Input",
    "Machine",
    "Operation",
    "Operations",
    "calculate",
    "compare",
    "truth",
]
