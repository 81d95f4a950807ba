"""tail: the end of files; -f goes on with what is added."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import SEEK_SET, System
from cluster_engine.shell.commands.command import STDIN, Invocation, Output, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import parse_count

_POLL_MS = 1000
_PIECE_BYTES = 64 * 1024
_KEPT_BYTES_MAX = 4 * 1024 * 1024
_LONG = {
    "lines": "n",
    "bytes": "c",
    "follow": "f?",
    "quiet": "q",
    "silent": "q",
    "verbose": "v",
    "retry": "retry",
    "pid": "pid=",
    "sleep-interval": "s",
    "max-unchanged-stats": "max-unchanged-stats=",
    "zero-terminated": "z",
}


class Tail:
    """The program: reads its files to the end, then (with -f) looks again every second."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = _old_style(arguments)
        self._is_busybox = is_busybox
        self._output = Output()
        self._options: Options | None = None
        self._files: list[str] = []
        #: Those still to be read for the first time.
        self._waiting: list[str] = []
        self._counts_bytes = False
        self._from_start = False
        self._count = 10
        self._fd = -1
        self._name = ""
        self._kept = bytearray()
        self._skipped = 0
        #: How far each followed file has been read, and which file it was.
        self._offsets: dict[str, int] = {}
        self._inodes: dict[str, int] = {}
        self._last = ""
        self._code = 0
        self._is_over = False

    def step(self, system: System) -> Outcome:
        """Print the ends, then follow."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._output.is_broken or self._is_over:
            return Exited(self._code)
        call = Invocation(
            system, self._arguments, None, self._output.out, self._output.err, self._is_busybox
        )
        try:
            return self._go_on(call)
        except UsageError as error:
            self._code = call.misused(error)
            self._is_over = True
            return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _go_on(self, call: Invocation) -> Outcome:
        if self._options is None:
            self._begin(call)
            return AGAIN
        if self._fd >= 0:
            return self._read(call)
        if self._waiting:
            self._open(call, self._waiting.pop(0))
            return AGAIN
        return self._follow(call)

    def _begin(self, call: Invocation) -> None:
        options, files = parse(call, "fFqvz", "ncs", _LONG)
        self._options = options
        self._counts_bytes = options.last("nc") == "c"
        wish = options.get("c" if self._counts_bytes else "n", "10")
        self._from_start = wish.startswith("+")
        what = "number of bytes" if self._counts_bytes else "number of lines"
        self._count = parse_count(wish.lstrip("+-"), call.either(what, "number"))
        if self._from_start:
            self._count = max(self._count - 1, 0)
        self._files = files or ["-"]
        self._waiting = list(self._files)

    # The first reading

    def _open(self, call: Invocation, name: str) -> None:
        self._name = name
        self._kept.clear()
        self._skipped = 0
        try:
            if name == "-":
                self._fd = STDIN
            else:
                status = call.system.stat(name)
                if status.kind == "directory":
                    raise Errno("EISDIR")
                self._fd = call.system.open(name)
                self._inodes[name] = status.inode
                self._offsets[name] = 0
        except Errno as error:
            self._fd = -1
            self._unreadable(call, name, error)
            return
        self._title(call, name)

    def _unreadable(self, call: Invocation, name: str, error: Errno) -> None:
        self._code = 1
        if error.name == "EISDIR" and not self._is_busybox:
            self._title(call, name)
            call.complain(f"error reading '{name}': {error.text}")
        elif self._is_busybox:
            call.complain(f"can't open '{name}': {error.text}")
        else:
            call.complain(f"cannot open '{name}' for reading: {error.text}")
        if self._options is not None and ("F" in self._options or "retry" in self._options):
            self._offsets.setdefault(name, 0)

    def _read(self, call: Invocation) -> Outcome:
        name = self._name
        data = call.system.read(self._fd, _PIECE_BYTES)
        if data is None:
            return Waiting(readable=(self._fd,))
        if name in self._offsets:
            self._offsets[name] += len(data)
        if not data:
            if not self._from_start:
                call.say(bytes(self._kept))
            if self._fd != STDIN:
                call.system.close(self._fd)
            self._fd = -1
        elif self._from_start:
            call.say(self._after_start(data))
        else:
            self._keep(data)
        return AGAIN

    def _after_start(self, data: bytes) -> bytes:
        """What comes after the part that is skipped."""
        if self._counts_bytes:
            skipped = min(self._count - self._skipped, len(data))
            self._skipped += skipped
            return data[skipped:]
        at = 0
        while self._skipped < self._count:
            end = data.find(b"\n", at)
            if end < 0:
                return b""
            self._skipped += 1
            at = end + 1
        return data[at:]

    def _keep(self, data: bytes) -> None:
        """Keep no more than the end wanted."""
        self._kept += data
        if self._counts_bytes:
            surplus = len(self._kept) - self._count
        else:
            surplus = _line_start(self._kept, self._count)
        if surplus > 0:
            del self._kept[:surplus]
        if len(self._kept) > _KEPT_BYTES_MAX:
            raise UsageError("memory exhausted")

    def _title(self, call: Invocation, name: str) -> None:
        options = self._options
        assert options is not None
        has_titles = (len(self._files) > 1 and "q" not in options) or "v" in options
        if has_titles and self._last != name:
            title = "standard input" if name == "-" else name
            gap = "\n" if self._last else ""
            call.say(f"{gap}==> {title} <==\n")
        self._last = name

    # Following

    def _follow(self, call: Invocation) -> Outcome:
        assert self._options is not None
        is_following = "f" in self._options or "F" in self._options
        if not is_following or not self._offsets:
            if is_following and "-" not in self._files and not self._is_busybox:
                call.complain("no files remaining")
                self._code = 1
            self._is_over = True
            return AGAIN
        for name in self._offsets:
            self._more(call, name)
        has_news = self._output.out or self._output.err
        return AGAIN if has_news else Waiting(until_ms=call.system.now_ms + _POLL_MS)

    def _more(self, call: Invocation, name: str) -> None:
        system = call.system
        try:
            status = system.stat(name)
        except Errno:
            return
        by_name = self._options is not None and "F" in self._options
        if by_name and self._inodes.get(name, status.inode) != status.inode:
            call.complain(f"'{name}' has been replaced;  following new file")
            self._offsets[name] = 0
        elif status.size < self._offsets[name]:
            call.complain(f"{name}: file truncated")
            self._offsets[name] = 0
        self._inodes[name] = status.inode
        if status.size > self._offsets[name]:
            self._show(call, name)

    def _show(self, call: Invocation, name: str) -> None:
        system = call.system
        try:
            fd = system.open(name)
        except Errno:
            return
        system.seek(fd, self._offsets[name], SEEK_SET)
        data = system.read(fd, _PIECE_BYTES) or b""
        system.close(fd)
        self._offsets[name] += len(data)
        if data:
            self._title(call, name)
            call.say(data)


def _line_start(content: bytearray, lines: int) -> int:
    """Where the last so many lines begin."""
    if not lines:
        return len(content)
    at = len(content) - 1 if content.endswith(b"\n") else len(content)
    for _ in range(lines):
        at = content.rfind(b"\n", 0, at)
        if at < 0:
            return 0
    return at + 1


def _old_style(arguments: list[str]) -> list[str]:
    """`-5` means `-n 5`, `+5` in the first place `-n +5`; `-5f` follows as well."""
    result = arguments[:1]
    is_value = False
    for position, word in enumerate(arguments[1:]):
        digits = word[1:].rstrip("f")
        is_number = (
            digits.isdigit()
            and not is_value
            and (word[0] == "-" or (word[0] == "+" and position == 0))
        )
        if is_number:
            result += ["-n", word[0].replace("-", "") + digits]
            result += ["-f"] if word.endswith("f") else []
        else:
            result.append(word)
        is_value = word in ("-n", "-c", "-s", "--lines", "--bytes")
    return result
