"""seq: numbers in a row, as fast as somebody reads."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from cluster_engine.runtime.program import AGAIN, Exited, Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import Invocation, Output, UsageError, encoded
from cluster_engine.shell.commands.options import parse_words
from cluster_engine.shell.commands.usages import help_text

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?")
_FORMAT = re.compile(r"((?:[^%]|%%)*)%([-+ 0#']*)(\d*)(?:\.(\d+))?([aefgAEFG])((?:[^%]|%%)*)")
_LONG = {"separator": "s", "equal-width": "w", "format": "f"}
_PER_STEP = 500
_PLACES_MAX = 20
_DIGITS_MAX = 40


class Seq:
    """The program: the next number, and how it is written."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._is_begun = False
        self._code = -1
        self._first = self._step = self._last = Decimal(0)
        self._at = 0
        self._places = 0
        self._width = 0
        self._separator = "\n"
        self._format = ""

    def step(self, system: System) -> Outcome:
        """Write some more."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._output.is_broken:
            return Exited(1)
        if self._code >= 0:
            return Exited(self._code)
        call = Invocation(
            system, self._arguments, b"", self._output.out, self._output.err, self._is_busybox
        )
        if not self._is_begun:
            self._is_begun = True
            try:
                self._begin(call)
            except UsageError as error:
                self._code = call.misused(error)
            return AGAIN
        self._write(call)
        system.work(_PER_STEP)
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _begin(self, call: Invocation) -> None:
        text = help_text(self._arguments, is_busybox=self._is_busybox)
        if text is not None:
            call.say(text)
            self._code = 0
            return
        words = _shielded(self._arguments[1:])
        options, operands = parse_words("seq", words, "w", "sf", _LONG)
        numbers = [word.removeprefix("\0") for word in operands]
        if not numbers:
            raise UsageError("missing operand", has_hint=True)
        if len(numbers) > 3:
            raise UsageError(f"extra operand '{numbers[3]}'", has_hint=True)
        values = [_number(word) for word in numbers]
        self._first = values[0] if len(values) > 1 else Decimal(1)
        self._step = values[1] if len(values) == 3 else Decimal(1)
        self._last = values[-1]
        if not self._step:
            raise UsageError(f"invalid Zero increment value: '{numbers[1]}'", has_hint=True)
        shown = [_places(word) for word in numbers[: max(len(numbers) - 1, 1)]]
        self._places = min(max(shown), _PLACES_MAX)
        self._separator = options.get("s", "\n")
        self._format = options.get("f", "")
        if self._format and _FORMAT.fullmatch(self._format) is None:
            raise UsageError(f"format '{self._format}' has no % directive")
        if "w" in options:
            self._width = max(len(self._plain(value)) for value in (self._first, self._last))

    def _write(self, call: Invocation) -> None:
        pieces = []
        for _ in range(_PER_STEP):
            value = self._first + self._step * self._at
            if value > self._last if self._step > 0 else value < self._last:
                self._code = 0
                break
            pieces.append((self._separator if self._at else "") + self._shown(value))
            self._at += 1
        call.out.extend(encoded("".join(pieces)))
        if self._code == 0 and self._at:
            call.say("\n")

    def _plain(self, value: Decimal) -> str:
        return f"{value:.{self._places}f}"

    def _shown(self, value: Decimal) -> str:
        if self._format:
            return formatted(self._format, value)
        text = self._plain(value)
        if not self._width:
            return text
        sign = "-" if text.startswith("-") else ""
        return sign + text.removeprefix("-").rjust(self._width - len(sign), "0")


def formatted(template: str, value: Decimal) -> str:
    """A number by one directive of printf's, like "%03g"."""
    found = _FORMAT.fullmatch(template)
    assert found is not None
    before, flags, width, places, kind, after = found.groups()
    text = f"{float(value):.{min(int(places or 6), 100)}{kind}}"
    if "+" in flags and not text.startswith("-"):
        text = "+" + text
    size = min(int(width or 0), 1000)
    if "-" in flags:
        text = text.ljust(size)
    elif "0" in flags:
        sign = text[:1] if text[:1] in "+-" else ""
        text = sign + text[len(sign) :].rjust(size - len(sign), "0")
    return (before + text.rjust(size) + after).replace("%%", "%")


def _shielded(words: list[str]) -> list[str]:
    """Negative numbers marked so that they are not taken for options."""
    return [f"\0{word}" if word[:1] == "-" and _NUMBER.fullmatch(word) else word for word in words]


def _number(word: str) -> Decimal:
    if _NUMBER.fullmatch(word) is None or len(word) > _DIGITS_MAX:
        raise UsageError(f"invalid floating point argument: '{word}'", has_hint=True)
    try:
        return Decimal(word)
    except InvalidOperation:
        raise UsageError(f"invalid floating point argument: '{word}'", has_hint=True) from None


def _places(word: str) -> int:
    return len(word.partition(".")[2]) if "e" not in word.lower() else 0
