"""Flags of commands, parsed as pflag parses them: anywhere among the arguments, short ones joined.

Models: github.com/spf13/pflag as kubectl uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.kubectl.errors import FlagError

BOOL, STRING, INT, STRINGS, ARRAY, DURATION, FLOAT = (
    "bool",
    "string",
    "int",
    "strings",
    "array",
    "duration",
    "float",
)
_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")
_UNITS = {"ns": 1e-6, "us": 1e-3, "µs": 1e-3, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_DURATION_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|ms|s|m|h)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. `bare` is its value when it stands without one (None: it needs one)."""

    name: str
    short: str = ""
    kind: str = STRING
    default: Any = None
    help: str = ""
    bare: str | None = None
    is_hidden: bool = False

    def start(self) -> Any:
        """The value when it is not given."""
        if self.default is not None:
            return self.default
        if self.kind in (STRINGS, ARRAY):
            return []
        return {BOOL: False, INT: 0, DURATION: 0, FLOAT: 0.0}.get(self.kind, "")

    @property
    def bare_value(self) -> str | None:
        return "true" if self.kind == BOOL and self.bare is None else self.bare


def switch(name: str, short: str = "", help_: str = "", default: bool = False) -> Flag:
    """A flag that is on or off."""
    return Flag(name, short, BOOL, default, help_)


@dataclass(slots=True)
class Parsed:
    """What was given: values by flag name, plain arguments, where "--" stood (-1: nowhere)."""

    values: dict[str, Any]
    changed: set[str] = field(default_factory=set)
    arguments: list[str] = field(default_factory=list)
    dash: int = -1

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def has(self, name: str) -> bool:
        """Whether the flag was given."""
        return name in self.changed

    def text(self, name: str) -> str:
        return str(self.values[name])

    def is_on(self, name: str) -> bool:
        return bool(self.values[name])

    def words(self, name: str) -> list[str]:
        return list(self.values[name])


def parse(words: Sequence[str], flags: Iterable[Flag], command: str) -> Parsed:
    """Raises FlagError with pflag's text."""
    by_name = {flag.name: flag for flag in flags}
    by_short = {flag.short: flag for flag in by_name.values() if flag.short}
    parsed = Parsed({flag.name: _copied(flag.start()) for flag in by_name.values()})
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            parsed.dash = len(parsed.arguments)
            parsed.arguments.extend(waiting)
            break
        if word.startswith("--"):
            _long(word, waiting, by_name, parsed, command)
        elif word.startswith("-") and len(word) > 1:
            _short(word, waiting, by_short, parsed, command)
        else:
            parsed.arguments.append(word)
    return parsed


def _long(
    word: str, waiting: list[str], by_name: dict[str, Flag], parsed: Parsed, command: str
) -> None:
    name, equals, text = word[2:].partition("=")
    if not name or name.startswith(("-", "=")):
        raise FlagError(f"bad flag syntax: {word}", command)
    flag = by_name.get(name) or by_name.get(name.replace("_", "-"))
    if flag is None:
        raise FlagError(f"unknown flag: --{name}", command)
    if not equals:
        if flag.bare_value is not None:
            text = flag.bare_value
        elif waiting:
            text = waiting.pop(0)
        else:
            raise FlagError(f"flag needs an argument: --{name}", command)
    _assign(flag, text, parsed, command)


def _short(
    word: str, waiting: list[str], by_short: dict[str, Flag], parsed: Parsed, command: str
) -> None:
    letters = word[1:]
    while letters:
        letter, letters = letters[0], letters[1:]
        flag = by_short.get(letter)
        if flag is None:
            raise FlagError(f"unknown shorthand flag: '{letter}' in {word}", command)
        if letters.startswith("="):
            text, letters = letters[1:], ""
        elif flag.bare_value is not None:
            text = flag.bare_value
        elif letters:
            text, letters = letters, ""
        elif waiting:
            text = waiting.pop(0)
        else:
            raise FlagError(f"flag needs an argument: '{letter}' in {word}", command)
        _assign(flag, text, parsed, command)


def _assign(flag: Flag, text: str, parsed: Parsed, command: str) -> None:
    try:
        value = _value(flag, text)
    except ValueError as error:
        name = f"-{flag.short}, --{flag.name}" if flag.short else f"--{flag.name}"
        raise FlagError(f'invalid argument "{text}" for "{name}" flag: {error}', command) from None
    if flag.kind in (STRINGS, ARRAY) and flag.name in parsed.changed:
        parsed.values[flag.name] = [*parsed.values[flag.name], *value]
    else:
        parsed.values[flag.name] = value
    parsed.changed.add(flag.name)


def _value(flag: Flag, text: str) -> Any:
    if flag.kind == BOOL:
        if text not in _TRUE + _FALSE:
            raise ValueError(f'strconv.ParseBool: parsing "{text}": invalid syntax')
        return text in _TRUE
    if flag.kind == INT:
        if not re.fullmatch(r"[+-]?[0-9]+", text, re.ASCII):
            raise ValueError(f'strconv.ParseInt: parsing "{text}": invalid syntax')
        return int(text)
    if flag.kind == FLOAT:
        try:
            return float(text)
        except ValueError:
            raise ValueError(f'strconv.ParseFloat: parsing "{text}": invalid syntax') from None
    if flag.kind == DURATION:
        return duration_ms(text)
    if flag.kind == STRINGS:
        return _csv(text)
    return [text] if flag.kind == ARRAY else text


def duration_ms(text: str) -> int:
    """A Go duration ("1h30m", "90s", "0") in milliseconds. Raises ValueError with Go's text."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    if not body or _DURATION_PART.sub("", body):
        if re.fullmatch(r"[0-9.]+", body, re.ASCII):
            raise ValueError(f'time: missing unit in duration "{text}"')
        raise ValueError(f'time: invalid duration "{text}"')
    total = sum(float(count) * _UNITS[unit] for count, unit in _DURATION_PART.findall(body))
    return round(-total if text.startswith("-") else total)


def _csv(text: str) -> list[str]:
    """Comma-separated values; double quotes keep commas together."""
    if '"' not in text:
        return text.split(",") if text else []
    found, current, is_quoted = [], "", False
    for letter in text:
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == "," and not is_quoted:
            found.append(current)
            current = ""
        else:
            current += letter
    return [*found, current]


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else value


def duration_text(amount_ms: int) -> str:
    """As Go prints a duration: "1m30s", "5s", "1h0m0s", "500ms"."""
    if not amount_ms:
        return "0s"
    if amount_ms < 1000:
        return f"{amount_ms}ms"
    seconds, rest = divmod(amount_ms, 1000)
    fraction = f".{rest:03d}".rstrip("0") if rest else ""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{seconds}{fraction}s"
    if hours or minutes:
        text = f"{minutes}m{text}"
    return f"{hours}h{text}" if hours else text
