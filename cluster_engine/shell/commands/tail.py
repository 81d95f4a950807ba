"""tail: the end of files; -f goes on with what is added."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDERR, STDIN, STDOUT, UsageError
from cluster_engine.shell.commands.head import old_style
from cluster_engine.shell.commands.options import parse_words
from cluster_engine.shell.commands.sizes import parse_count

_POLL_MS = 1000
_KEPT_BYTES_MAX = 16 * 1024 * 1024


class Tail:
    """The program: reads its files to the end, then (with -f) looks again every second."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._options: dict[str, str] | None = None
        self._files: list[str] = []
        #: How far each followed file has been read.
        self._offsets: dict[str, int] = {}
        self._input = bytearray()
        self._is_input_done = False
        self._pending = b""
        self._is_following = False
        self._last = ""
        self._code = 0

    def step(self, system: System) -> Outcome:
        """Print the ends, then follow."""
        if self._options is None and not self._begin(system):
            return Exited(1)
        if "-" in self._files and not self._is_input_done:
            data = system.read(STDIN)
            if data is None:
                return Waiting(readable=(STDIN,))
            self._input += data
            self._is_input_done = not data or len(self._input) > _KEPT_BYTES_MAX
            return AGAIN
        if not self._is_following:
            self._is_following = True
            for name in self._files:
                self._first(system, name)
        if self._pending:
            taken = system.write(STDOUT, self._pending)
            self._pending = self._pending[taken:]
            return AGAIN if taken else Waiting(writable=(STDOUT,))
        assert self._options is not None
        if ("f" not in self._options and "F" not in self._options) or not self._offsets:
            return Exited(self._code)
        for name in self._offsets:
            self._more(system, name)
        return AGAIN if self._pending else Waiting(until_ms=system.now_ms + _POLL_MS)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _begin(self, system: System) -> bool:
        long = {"lines": "n", "bytes": "c", "follow": "f", "quiet": "q", "verbose": "v"}
        try:
            words = old_style(self._arguments)[1:]
            self._options, files = parse_words("tail", words, "fFqvz", "ncs", long)
        except UsageError as error:
            self._complain(system, str(error))
            return False
        self._files = files or ["-"]
        return True

    def _first(self, system: System, name: str) -> None:
        if name == "-":
            content = bytes(self._input)
        else:
            try:
                if system.stat(name).kind == "directory":
                    raise Errno("EISDIR")
                content = system.read_file(name)
            except Errno as error:
                what = "error reading" if error.name == "EISDIR" else "cannot open"
                tail = "" if error.name == "EISDIR" else " for reading"
                self._complain(system, f"{what} '{name}'{tail}: {error.text}")
                return
            self._offsets[name] = len(content)
        self._title(name)
        self._pending += self._end_of(content)

    def _end_of(self, content: bytes) -> bytes:
        assert self._options is not None
        if "c" in self._options:
            wish = self._options["c"]
            count = parse_count(wish.lstrip("+-"))
            return content[count - 1 :] if wish.startswith("+") else content[-count:] * bool(count)
        wish = self._options.get("n", "10")
        count = parse_count(wish.lstrip("+-"))
        lines = content.splitlines(keepends=True)
        if wish.startswith("+"):
            return b"".join(lines[max(count - 1, 0) :])
        return b"".join(lines[-count:]) if count else b""

    def _title(self, name: str) -> None:
        assert self._options is not None
        if len(self._files) > 1 and "q" not in self._options and self._last != name:
            title = "standard input" if name == "-" else name
            gap = b"\n" if self._last else b""
            self._pending += gap + f"==> {title} <==\n".encode()
        self._last = name

    def _more(self, system: System, name: str) -> None:
        try:
            size = system.stat(name).size
            if size < self._offsets[name]:
                self._complain(system, f"{name}: file truncated")
                self._offsets[name] = 0
            if size > self._offsets[name]:
                content = system.read_file(name)[self._offsets[name] :]
                self._offsets[name] = size
                self._title(name)
                self._pending += content
        except Errno:
            return

    def _complain(self, system: System, text: str) -> None:
        self._code = 1
        system.write(STDERR, f"tail: {text}\n".encode())
