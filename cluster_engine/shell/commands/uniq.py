"""uniq: neighbouring lines that are alike, once."""

from __future__ import annotations

import re

from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.streaming import LineFilter

_LONG = {
    "count": "c",
    "repeated": "d",
    "all-repeated": "D?",
    "unique": "u",
    "ignore-case": "i",
    "skip-fields": "f",
    "skip-chars": "s",
    "check-chars": "w",
    "zero-terminated": "z",
}
_FIELD = re.compile(r"[ \t]*[^ \t]*")


class Uniq(LineFilter):
    """The program: the line in hand, and how often it came."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._flags = ""
        self._skips = (0, 0, 0)
        self._target = ""
        self._held: str | None = None
        self._count = 0
        self._kept = bytearray()

    def begin(self, call: Invocation) -> list[str]:
        """Read the options."""
        options, files = parse(call, "cduDiz", "fsw", _LONG)
        if len(files) > 2:
            raise UsageError(f"extra operand '{files[2]}'", has_hint=True)
        self._flags = "".join(options)
        self._skips = (
            options.count("f", 0, "invalid number of fields to skip: '{}'"),
            options.count("s", 0, "invalid number of bytes to skip: '{}'"),
            options.count("w", 0, "invalid number of bytes to compare: '{}'"),
        )
        self.separator = "\0" if "z" in options else "\n"
        self._target = files[1] if len(files) > 1 else ""
        return files[:1] or ["-"]

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """Compare it with the one in hand."""
        if self._held is not None and self._key(text) == self._key(self._held):
            self._count += 1
            if "D" in self._flags:
                self._print(call, self._held) if self._count == 2 else None
                self._print(call, text)
            return
        self._release(call)
        self._held, self._count = text, 1

    def finish(self, call: Invocation) -> None:
        """The last one."""
        self._release(call)
        if self._target not in ("", "-"):
            call.system.write_file(self._target, bytes(self._kept))

    def _key(self, text: str) -> str:
        fields, letters, width = self._skips
        for _ in range(fields):
            found = _FIELD.match(text)
            text = text[found.end() :] if found else ""
        text = text[letters:]
        text = text[:width] if width else text
        return text.lower() if "i" in self._flags else text

    def _release(self, call: Invocation) -> None:
        if self._held is None or "D" in self._flags:
            return
        if ("d" in self._flags and self._count < 2) or ("u" in self._flags and self._count > 1):
            return
        self._print(call, f"{self._count:7} {self._held}" if "c" in self._flags else self._held)

    def _print(self, call: Invocation, text: str) -> None:
        if self._target in ("", "-"):
            call.say(text + self.separator)
        else:
            self._kept += (text + self.separator).encode("utf-8", "surrogateescape")
