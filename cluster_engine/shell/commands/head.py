"""head: the beginning of files; it stops reading when it has seen enough."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sizes import parse_count
from cluster_engine.shell.commands.streaming import InputFilter

_LONG = {"lines": "n", "bytes": "c", "quiet": "q", "silent": "q", "verbose": "v"}
_KEPT_BYTES_MAX = 4 * 1024 * 1024


class Head(InputFilter):
    """The program. A negative count means all but the last so many: those are held back."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(old_style(arguments), is_busybox=is_busybox)
        self._counts_bytes = False
        self._count = 10
        self._left = 0
        self._has_titles = False
        self._is_first = True
        self._kept = bytearray()

    def begin(self, call: Invocation) -> list[str]:
        """Read the options."""
        options, files = parse(call, "qv", "nc", _LONG)
        self._counts_bytes = options.last("nc") == "c"
        wish = options.get("c" if self._counts_bytes else "n", "10")
        what = "number of bytes" if self._counts_bytes else "number of lines"
        sign = -1 if wish.startswith("-") else 1
        self._count = sign * parse_count(wish.lstrip("-"), call.either(what, "number"))
        self._has_titles = (len(files) > 1 and "q" not in options) or "v" in options
        return files or ["-"]

    def opened(self, call: Invocation, name: str) -> None:
        """Print its title."""
        self._left = self._count
        self._kept.clear()
        if self._has_titles:
            title = "standard input" if name == "-" else name
            call.say(("" if self._is_first else "\n") + f"==> {title} <==\n")
        self._is_first = False
        self.skips_file = self._count == 0 and name != "-"

    def piece(self, call: Invocation, data: bytes) -> None:
        """Print what is wanted of it."""
        if self._count < 0:
            self._hold_back(call, data)
        elif self._counts_bytes:
            call.say(data[: self._left])
            self._left -= min(len(data), self._left)
        else:
            self._lines(call, data)
        self.skips_file = self._count >= 0 and not self._left

    def closed(self, call: Invocation, name: str) -> None:
        """What was held back is not printed."""
        if self._count < 0 and not self._counts_bytes:
            call.say(bytes(_without_last(self._kept, -self._count)))

    def unreadable(self, call: Invocation, name: str, error: Errno) -> None:
        """GNU's and BusyBox' ways of saying so."""
        self.code = 1
        if error.name == "EISDIR":
            call.complain(call.either(f"error reading '{name}': {error.text}", error.text))
            return
        text = f"cannot open '{name}' for reading: {error.text}"
        call.complain(call.either(text, f"{name}: {error.text}"))

    def _lines(self, call: Invocation, data: bytes) -> None:
        at = 0
        while self._left:
            end = data.find(b"\n", at)
            if end < 0:
                at = len(data)
                break
            at = end + 1
            self._left -= 1
        call.say(data[:at])

    def _hold_back(self, call: Invocation, data: bytes) -> None:
        self._kept += data
        if self._counts_bytes:
            surplus = len(self._kept) + self._count
            if surplus > 0:
                call.say(bytes(self._kept[:surplus]))
                del self._kept[:surplus]
        if len(self._kept) > _KEPT_BYTES_MAX:
            raise UsageError("memory exhausted")


def _without_last(content: bytearray, lines: int) -> bytearray:
    end = len(content)
    if content and not content.endswith(b"\n"):
        lines -= 1
        end = content.rfind(b"\n") + 1
    for _ in range(lines):
        end = content.rfind(b"\n", 0, max(end - 1, 0)) + 1
    return content[:end]


def old_style(arguments: list[str]) -> list[str]:
    """`-5` means `-n 5`."""
    result = arguments[:1]
    is_value = False
    for word in arguments[1:]:
        is_number = len(word) > 1 and word[0] == "-" and word[1:].isdigit() and not is_value
        result += ["-n", word[1:]] if is_number else [word]
        is_value = word in ("-n", "-c", "--lines", "--bytes")
    return result
