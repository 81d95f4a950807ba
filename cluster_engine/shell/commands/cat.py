"""cat: files, one after another; passes its input through as it comes."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.streaming import InputFilter

_LONG = {
    "number": "n",
    "number-nonblank": "b",
    "show-ends": "E",
    "show-all": "A",
    "show-tabs": "T",
    "show-nonprinting": "v",
    "squeeze-blank": "s",
}
_MEANINGS = {"A": "vET", "e": "vE", "t": "vT"}


class Cat(InputFilter):
    """The program: with options, what it knows of the line under way."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._flags = ""
        self._line = 0
        self._is_line_open = False
        self._blanks = 0

    def begin(self, call: Invocation) -> list[str]:
        """Read the options."""
        options, files = parse(call, "nbEAtTsuve", "", _LONG)
        flags = "".join(_MEANINGS.get(letter, letter) for letter in options)
        self._flags = flags.replace("u", "")
        return files or ["-"]

    def piece(self, call: Invocation, data: bytes) -> None:
        """Print it."""
        if not self._flags:
            call.say(data)
            return
        lines = data.split(b"\n")
        for position, line in enumerate(lines):
            is_ended = position < len(lines) - 1
            if line or is_ended:
                self._print(call, line, is_ended)

    def unreadable(self, call: Invocation, name: str, error: Errno) -> None:
        """GNU's and BusyBox' ways of saying so."""
        self.code = 1
        if error.name == "EISDIR":
            call.complain(call.either(f"{name}: {error.text}", f"read error: {error.text}"))
            return
        call.complain(call.either(f"{name}: {error.text}", f"can't open '{name}': {error.text}"))

    def _print(self, call: Invocation, line: bytes, is_ended: bool) -> None:
        flags = self._flags
        is_blank = not line and is_ended and not self._is_line_open
        self._blanks = self._blanks + 1 if is_blank else 0
        if "s" in flags and self._blanks > 1:
            return
        is_counted = not is_blank if "b" in flags else "n" in flags
        if is_counted and not self._is_line_open:
            self._line += 1
            call.say(b"%6d\t" % self._line)
        call.say(_visible(line, flags))
        if is_ended:
            call.say(b"$\n" if "E" in flags else b"\n")
        self._is_line_open = not is_ended


def _visible(line: bytes, flags: str) -> bytes:
    if "v" in flags:
        line = b"".join(_SHOWN[byte] for byte in line)
    return line.replace(b"\t", b"^I") if "T" in flags else line


def _shown(byte: int) -> bytes:
    if byte == 9:
        return b"\t"
    prefix, low = (b"M-", byte - 128) if byte >= 128 else (b"", byte)
    if low == 127:
        return prefix + b"^?"
    return prefix + (b"^" + bytes([low + 64]) if low < 32 else bytes([low]))


_SHOWN = tuple(_shown(byte) for byte in range(256))
