"""The functions that awk brings, but those that read and write."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeAlias

from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.awk.compiler import Slot
from cluster_engine.shell.commands.awk.limits import AwkFault
from cluster_engine.shell.commands.awk.machine import Machine
from cluster_engine.shell.commands.awk.record import split_fields
from cluster_engine.shell.commands.awk.values import (
    Array,
    Input,
    Scalar,
    Value,
    bounded,
    to_number,
)
from cluster_engine.shell.commands.moments import formatted, moment

_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TO_UPPER, _TO_LOWER = str.maketrans(_LOWER, _UPPER), str.maketrans(_UPPER, _LOWER)
_WORD = 2**64
_YEAR_MAX_SECONDS = 250_000_000_000
Function: TypeAlias = Callable[[Machine, System, list[Value]], Scalar]


def builtin(machine: Machine, system: System, how: tuple[str, int]) -> None:
    """Call one of `FUNCTIONS` with the values on top."""
    name, count = how
    values = machine.stack[len(machine.stack) - count :]
    del machine.stack[len(machine.stack) - count :]
    machine.stack.append(FUNCTIONS[name](machine, system, values))


def length(machine: Machine, system: System, slot: Slot) -> None:
    """The length of a variable: of its text, or how many elements it has."""
    del system
    value = machine.get(slot)
    if isinstance(value, Array):
        machine.stack.append(float(len(value)))
    else:
        machine.stack.append(float(len(machine.text(machine.load(slot)))))


def split(machine: Machine, system: System, how: tuple[Slot, bool, bool]) -> None:
    """Split a text into the elements of an array."""
    del system
    slot, has_separator, is_regex = how
    separator = machine.pop_text() if has_separator else machine.setting("FS")
    text = machine.pop_text()
    array = machine.array(slot)
    parts = split_fields(text, separator, machine.patterns, is_regex=is_regex)
    machine.empty(array)
    for number, part in enumerate(parts, 1):
        machine.put_item(array, str(number), Input(part))
    machine.spent += len(parts) // 2 + len(text) // 500
    machine.stack.append(float(len(parts)))


def substitute(machine: Machine, system: System, is_global: bool) -> None:
    """sub and gsub: the text with what was replaced, and how many times."""
    del system
    replacement, source, text = machine.pop_text(), machine.pop_text(), machine.pop_text()
    pieces = _template(replacement)
    found, count = _replaced(machine, text, source, pieces, 0 if is_global else 1)
    machine.stack += [found, float(count)]


def _template(text: str) -> list[str | int]:
    """Texts, and 0 where "&" stands for what was found."""
    pieces: list[str | int] = []
    at = 0
    while at < len(text):
        if text.startswith(("\\&", "\\\\"), at):
            pieces.append(text[at + 1])
            at += 2
            continue
        pieces.append(0 if text[at] == "&" else text[at])
        at += 1
    return pieces


def _replaced(
    machine: Machine, text: str, source: str, pieces: list[str | int], which: int
) -> tuple[str, int]:
    """Replace the match of that number, 0 all of them. The text, and how many there were."""
    pattern = machine.patterns.get(source)
    before = pattern.work
    found: list[str] = []
    at = count = size = 0
    for number, match in enumerate(pattern.finditer(text), 1):
        if which and number < which:
            continue
        first, last = match.span()
        found.append(text[at:first])
        found += [piece if isinstance(piece, str) else match[piece] for piece in pieces]
        size += sum(len(part) for part in found[-len(pieces) - 1 :])
        at, count = last, count + 1
        if which or size > 1_000_000:
            break
    machine.spent += pattern.work - before + count + len(text) // 500
    found.append(text[at:])
    return bounded("".join(found)), count


def _length(machine: Machine, system: System, values: list[Value]) -> Scalar:
    text = machine.text(values[0] if values else machine.field(0))
    return float(len(text))


def _substr(machine: Machine, system: System, values: list[Value]) -> Scalar:
    text = machine.text(values[0])
    first = _whole_place(to_number(values[1]))
    if len(values) == 2:
        return text[max(first - 1, 0) :]
    count = _whole_place(to_number(values[2]))
    if first < 1:
        # Neither does what the standard says: mawk even counts what is before the text twice.
        count += 0 if machine.is_busybox else -first
        first = 1
    return text[first - 1 : first - 1 + max(count, 0)]


def _whole_place(number: float) -> int:
    return int(max(min(number, 1e9), -1e9)) if not math.isnan(number) else 0


def _index(machine: Machine, system: System, values: list[Value]) -> Scalar:
    text, part = machine.text(values[0]), machine.text(values[1])
    if not part and machine.is_busybox:
        return 0.0
    return float(text.find(part) + 1) if part or text else 0.0


def _match(machine: Machine, system: System, values: list[Value]) -> Scalar:
    text, pattern = machine.text(values[0]), machine.patterns.get(machine.text(values[1]))
    before = pattern.work
    found = pattern.search(text)
    machine.spent += pattern.work - before + len(text) // 500
    first, last = found.span() if found is not None else (-1, -2)
    machine.variables["RSTART"] = float(first + 1)
    machine.variables["RLENGTH"] = float(last - first)
    return float(first + 1)


def _sprintf(machine: Machine, system: System, values: list[Value]) -> Scalar:
    template, convfmt = machine.text(values[0]), machine.setting("CONVFMT")
    return machine.formatter.fill(template, values[1:], convfmt, "sprintf")


def _tolower(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return machine.text(values[0]).translate(_TO_LOWER)


def _toupper(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return machine.text(values[0]).translate(_TO_UPPER)


def _int(machine: Machine, system: System, values: list[Value]) -> Scalar:
    number = to_number(values[0])
    return float(math.trunc(number)) if math.isfinite(number) else number


def _safely(function: Callable[[float], float], number: float) -> float:
    try:
        return function(number)
    except OverflowError:
        return math.inf
    except ValueError:
        return -math.inf if number == 0 else math.nan


def _sqrt(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return _safely(math.sqrt, to_number(values[0]))


def _exp(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return _safely(math.exp, to_number(values[0]))


def _log(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return _safely(math.log, to_number(values[0]))


def _sin(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return _safely(math.sin, to_number(values[0]))


def _cos(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return _safely(math.cos, to_number(values[0]))


def _atan2(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return math.atan2(to_number(values[0]), to_number(values[1]))


def _rand(machine: Machine, system: System, values: list[Value]) -> Scalar:
    if machine.random is None:
        # mawk begins differently every time.
        seed = 0 if machine.is_busybox else int.from_bytes(system.random(8), "big")
        machine.random = seed
    machine.random = (machine.random * 6364136223846793005 + 1442695040888963407) % _WORD
    return (machine.random >> 11) / 2**53


def _srand(machine: Machine, system: System, values: list[Value]) -> Scalar:
    before = machine.seed
    number = to_number(values[0]) if values else float(system.now_ms // 1000)
    machine.seed = number
    machine.random = int(number) % _WORD if math.isfinite(number) else 0
    return before


def _systime(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return float(system.now_ms // 1000)


def _strftime(machine: Machine, system: System, values: list[Value]) -> Scalar:
    template = machine.text(values[0]) if values else "%c"
    seconds = to_number(values[1]) if len(values) > 1 else system.now_ms // 1000
    if not abs(seconds) < _YEAR_MAX_SECONDS:
        raise AwkFault("strftime: time out of range")
    return bounded(formatted(moment(int(seconds) * 1000), template))


def _mktime(machine: Machine, system: System, values: list[Value]) -> Scalar:
    try:
        year, month, day, hour, minute, second = map(int, machine.text(values[0]).split()[:6])
        then = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        return float(int(then.timestamp()))
    except (TypeError, ValueError, OverflowError):
        return -1.0


def _whole(value: Value) -> int:
    number = to_number(value)
    return int(number) % _WORD if math.isfinite(number) else 0


def _and(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return float(_whole(values[0]) & _whole(values[1]))


def _or(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return float(_whole(values[0]) | _whole(values[1]))


def _xor(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return float(_whole(values[0]) ^ _whole(values[1]))


def _compl(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return float(_whole(values[0]) ^ (_WORD - 1))


def _lshift(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return float((_whole(values[0]) << (_whole(values[1]) & 63)) % _WORD)


def _rshift(machine: Machine, system: System, values: list[Value]) -> Scalar:
    return float(_whole(values[0]) >> (_whole(values[1]) & 63))


def _gensub(machine: Machine, system: System, values: list[Value]) -> Scalar:
    source, replacement, how = (machine.text(value) for value in values[:3])
    text = machine.text(values[3] if len(values) > 3 else machine.field(0))
    pieces: list[str | int] = []
    at = 0
    while at < len(replacement):
        letter = replacement[at]
        following = replacement[at + 1 : at + 2]
        if letter == "\\" and following:
            pieces.append(int(following) if following.isdigit() else following)
            at += 2
            continue
        pieces.append(0 if letter == "&" else letter)
        at += 1
    which = 0 if how[:1] in ("g", "G") else max(int(to_number(how)), 1)
    return _replaced(machine, text, source, pieces, which)[0]


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "and": _and,
        "atan2": _atan2,
        "compl": _compl,
        "cos": _cos,
        "exp": _exp,
        "gensub": _gensub,
        "index": _index,
        "int": _int,
        "length": _length,
        "log": _log,
        "lshift": _lshift,
        "match": _match,
        "mktime": _mktime,
        "or": _or,
        "rand": _rand,
        "rshift": _rshift,
        "sin": _sin,
        "sprintf": _sprintf,
        "sqrt": _sqrt,
        "srand": _srand,
        "strftime": _strftime,
        "substr": _substr,
        "systime": _systime,
        "tolower": _tolower,
        "toupper": _toupper,
        "xor": _xor,
    }
)
