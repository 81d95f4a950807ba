"""rev, tac, nl, paste, fold, expand and unexpand: small changes to lines."""

from __future__ import annotations

from cluster_engine.shell.commands.command import (
    Command,
    Invocation,
    UsageError,
    decoded,
    lines_of,
)
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.patterns import Pattern, compile_pattern
from cluster_engine.shell.commands.streaming import LineFilter


class Rev(LineFilter):
    """Prints each line backwards."""

    def begin(self, call: Invocation) -> list[str]:
        """No options."""
        _, files = parse(call, "")
        return files or ["-"]

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """Turn it round."""
        call.say(text[::-1] + ("\n" if is_ended else ""))


class Nl(LineFilter):
    """Numbers lines: -b a all, t (without it) those that are not empty, n none, pREGEX some."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._style = "t"
        self._pattern: Pattern | None = None
        self._number, self._step, self._width = 1, 1, 6
        self._separator = "\t"
        self._format = "rn"

    def begin(self, call: Invocation) -> list[str]:
        """Read the options."""
        long = {"body-numbering": "b", "number-width": "w", "number-separator": "s"}
        options, files = parse(call, "p", "bwsvnihfld", long)
        self._style = options.get("b", "t")
        if self._style.startswith("p"):
            self._pattern = compile_pattern(self._style[1:], is_extended=False)
        elif self._style not in ("a", "t", "n"):
            raise UsageError(f"invalid body numbering style: '{self._style}'", has_hint=True)
        self._number = options.count("v", 1, "invalid starting line number: '{}'")
        self._step = options.count("i", 1, "invalid line number increment: '{}'")
        self._width = min(options.count("w", 6, "invalid line number field width: '{}'"), 100)
        self._separator = options.get("s", "\t")
        self._format = options.get("n", "rn")
        return files or ["-"]

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """Number it."""
        if self._pattern is not None:
            is_counted = self._pattern.finds(text)
        else:
            is_counted = self._style == "a" or (self._style == "t" and text != "")
        if not is_counted:
            call.line(" " * (self._width + len(self._separator)) + text)
            return
        number = str(self._number)
        shown = {"ln": number.ljust(self._width), "rz": number.rjust(self._width, "0")}
        call.line(shown.get(self._format, number.rjust(self._width)) + self._separator + text)
        self._number += self._step


class Fold(LineFilter):
    """Breaks lines at a width (-w), at spaces with -s."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._width = 80
        self._at_spaces = False

    def begin(self, call: Invocation) -> list[str]:
        """Read the options; `-20` means `-w 20`."""
        words = call.arguments
        old = [
            f"-w{word[1:]}" if word[:1] == "-" and word[1:].isdigit() else word for word in words
        ]
        call.arguments = old
        options, files = parse(call, "sb", "w", {"width": "w", "spaces": "s", "bytes": "b"})
        call.arguments = words
        self._width = options.count("w", 80, "invalid number of columns: '{}'")
        if not self._width:
            raise UsageError("invalid number of columns: '0'")
        self._at_spaces = "s" in options
        return files or ["-"]

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """Break it."""
        while len(text) > self._width:
            at = text.rfind(" ", 0, self._width) + 1 if self._at_spaces else 0
            at = at or self._width
            call.line(text[:at])
            text = text[at:]
        call.say(text + ("\n" if is_ended else ""))


class Expand(LineFilter):
    """expand turns tabs into spaces, unexpand leading spaces (-a: all) into tabs."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._every = 8
        self._is_initial = False
        self._is_backwards = False

    def begin(self, call: Invocation) -> list[str]:
        """Read the options."""
        long = {"tabs": "t", "initial": "i", "all": "a", "first-only": "f"}
        options, files = parse(call, "iaf", "t", long)
        self._is_backwards = call.name == "unexpand"
        self._every = options.count("t", 8, "invalid tab size: '{}'")
        if not self._every:
            raise UsageError("tab size cannot be 0")
        has_all = "a" in options or ("t" in options and "f" not in options)
        self._is_initial = not has_all if self._is_backwards else "i" in options
        return files or ["-"]

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """Change it."""
        changed = self._unexpanded(text) if self._is_backwards else self._expanded(text)
        call.say(changed + ("\n" if is_ended else ""))

    def _expanded(self, text: str) -> str:
        if not self._is_initial:
            return text.expandtabs(self._every)
        rest = text.lstrip(" \t")
        return text[: len(text) - len(rest)].expandtabs(self._every) + rest

    def _unexpanded(self, text: str) -> str:
        plain = text.expandtabs(self._every)
        rest = plain.lstrip(" ") if self._is_initial else ""
        head = plain[: len(plain) - len(rest)]
        pieces = []
        for at in range(0, len(head), self._every):
            piece = head[at : at + self._every]
            trimmed = piece.rstrip(" ")
            is_full = len(piece) == self._every and len(piece) - len(trimmed) > 1
            is_full = is_full or (len(piece) == self._every and piece == " " * self._every)
            pieces.append(trimmed + "\t" if is_full else piece)
        return "".join(pieces) + rest


def tac(invocation: Invocation) -> int:
    """Print the lines of each file from the last to the first."""
    options, files = parse(invocation, "br", "s", {"separator": "s"})
    separator = options.get("s", "\n")
    for _, content in invocation.inputs(files):
        pieces = decoded(content).split(separator)
        last = pieces.pop()
        pieces = [piece + separator for piece in pieces]
        invocation.say("".join([last, *reversed(pieces)]))
    return 1 if invocation.err else 0


def paste(invocation: Invocation) -> int:
    """Put the lines of files side by side; -s each file in one line."""
    options, files = parse(invocation, "sz", "d", {"delimiters": "d", "serial": "s"})
    joints = options.get("d", "\t").replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "")
    columns = _columns(invocation, files)
    if columns is None:
        return 1
    if "s" in options:
        for lines in columns:
            invocation.line(_joined(lines, joints))
        return 0
    for number in range(max((len(lines) for lines in columns), default=0)):
        cells = [lines[number] if number < len(lines) else "" for lines in columns]
        invocation.line(_joined(cells, joints))
    return 0


def _columns(invocation: Invocation, files: list[str]) -> list[list[str]] | None:
    """The lines of each file; "-" given several times shares standard input."""
    shares = files.count("-")
    columns: list[list[str]] = []
    seen = 0
    for name in files or ["-"]:
        content = invocation.stdin if name == "-" else invocation.read(name)
        if content is None:
            return None
        lines = lines_of(content)
        if name == "-" and shares > 1:
            lines = lines[seen::shares]
            seen += 1
        columns.append(lines)
    return columns


def _joined(cells: list[str], joints: str) -> str:
    result = "".join(
        cell + (joints[number % len(joints)] if joints else "")
        for number, cell in enumerate(cells[:-1])
    )
    return result + (cells[-1] if cells else "")


COMMANDS = (Command("tac", tac), Command("paste", paste))
