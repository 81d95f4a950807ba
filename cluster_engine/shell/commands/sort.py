"""sort: lines in order."""

from __future__ import annotations

import re
from functools import cmp_to_key

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import Options, parse

_LONG = {
    "reverse": "r",
    "unique": "u",
    "numeric-sort": "n",
    "human-numeric-sort": "h",
    "version-sort": "V",
    "ignore-case": "f",
    "key": "k",
    "field-separator": "t",
    "output": "o",
    "check": "c",
    "stable": "s",
}
_NUMBER = re.compile(r"\s*(-?\d*\.?\d+)([KMGT]?)")
_UNITS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


def run(invocation: Invocation) -> int:
    """Sort all lines of all files."""
    options, files = parse(invocation, "runhVfbcsdiM", "kto", _LONG, code=2)
    found = invocation.inputs(files)
    lines = [
        line
        for _, content in found
        for line in content.decode("utf-8", "surrogateescape").splitlines()
    ]
    keys = [_Key(wish, options) for wish in options.get("k", "").split(" ") if wish]
    keys = keys or [_Key("", options)]

    def compare(one: str, other: str) -> int:
        for key in keys:
            a, b = key.value(one), key.value(other)
            if a != b:
                less = a < b
                return (1 if less else -1) if key.is_reversed else (-1 if less else 1)
        if "s" in options or "u" in options:
            return 0
        order = (one > other) - (one < other)
        return -order if "r" in options else order

    ordered = sorted(lines, key=cmp_to_key(compare))
    if "c" in options:
        for position, (is_line, should) in enumerate(zip(lines, ordered, strict=True), 1):
            if is_line != should:
                invocation.complain(f"-:{position}: disorder: {is_line}")
                return 1
        return 0
    if "u" in options:
        ordered = _unique(ordered, compare)
    text = "".join(line + "\n" for line in ordered)
    if "o" in options:
        try:
            invocation.system.write_file(options["o"], text.encode("utf-8", "surrogateescape"))
        except Errno as error:
            invocation.complain(f"open failed: {options['o']}: {error.text}")
            return 2
    else:
        invocation.say(text)
    return 0 if len(found) == len(files or ["-"]) else 2


def _unique(lines: list[str], compare: object) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if not kept or compare(kept[-1], line) != 0:  # type: ignore[operator]
            kept.append(line)
    return kept


class _Key:
    """What of a line is compared, and how."""

    def __init__(self, wish: str, options: Options) -> None:
        found = re.fullmatch(r"(\d+)(?:\.\d+)?([a-zA-Z]*)(?:,(\d+)(?:\.\d+)?([a-zA-Z]*))?", wish)
        self._start = int(found[1]) if found else 0
        self._end = int(found[3]) if found and found[3] else 0
        letters = (found[2] + (found[4] or "")) if found else ""
        self._kinds = letters or "".join(options)
        self._separator = options.get("t")
        self.is_reversed = "r" in self._kinds

    def value(self, line: str) -> tuple[object, ...]:
        """What compares."""
        text = self._part(line)
        if "n" in self._kinds or "h" in self._kinds:
            found = _NUMBER.match(text)
            number = float(found[1]) if found else 0.0
            unit = _UNITS[found[2]] if found and "h" in self._kinds else 0
            return (unit, number)
        if "V" in self._kinds:
            parts = re.split(r"(\d+)", text)
            return tuple((1, int(p)) if p.isdigit() else (0, p) for p in parts)
        if "f" in self._kinds:
            return (text.upper(),)
        return (text,)

    def _part(self, line: str) -> str:
        if not self._start:
            return line.lstrip() if "b" in self._kinds else line
        if self._separator is not None:
            fields = line.split(self._separator)
            joint = self._separator
        else:
            fields = line.split()
            joint = " "
        end = self._end or len(fields)
        return joint.join(fields[self._start - 1 : end])


COMMAND = Command("sort", run)
