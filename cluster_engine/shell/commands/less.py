"""less and more: a page at a time."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDERR, STDIN, STDOUT

_INPUT_BYTES_MAX = 4 * 1024 * 1024
_DOWN, _UP = (b"j", b"\r", b"\n", b"\x1b[B", b"\x1bOB"), (b"k", b"\x1b[A", b"\x1bOA")
_PAGE_DOWN, _PAGE_UP = (b" ", b"f", b"\x1b[6~"), (b"b", b"\x1b[5~")


class Less:
    """The program: without a terminal it is cat."""

    def __init__(self, arguments: list[str]) -> None:
        self._files = [word for word in arguments[1:] if not word.startswith(("-", "+"))]
        self._input = bytearray()
        self._lines: list[str] | None = None
        self._keys = -1
        self._top = 0
        self._search = ""
        self._typed: str | None = None

    def step(self, system: System) -> Outcome:
        """Read everything, then show pages as keys come."""
        if self._lines is None:
            outcome = self._collect(system)
            if outcome is not None:
                return outcome
        if self._keys < 0:
            if not system.is_tty(STDOUT):
                text = "\n".join(self._lines or []) + "\n"
                system.write(STDOUT, text.encode("utf-8", "surrogateescape"))
                return Exited(0)
            self._keys = STDIN if system.is_tty(STDIN) else system.open("/dev/tty")
            system.set_raw(self._keys, True)
            self._draw(system)
        data = system.read(self._keys)
        if data is None:
            return Waiting(readable=(self._keys,))
        if not data or self._key(system, data):
            system.set_raw(self._keys, False)
            system.write(STDOUT, b"\r\x1b[K")
            return Exited(0)
        self._draw(system)
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _collect(self, system: System) -> Outcome | None:
        if self._files:
            for name in self._files:
                try:
                    self._input += system.read_file(name)
                except Errno as error:
                    system.write(STDERR, f"{name}: {error.text}\n".encode())
                    return Exited(1)
        else:
            data = system.read(STDIN) if not system.is_tty(STDIN) else b""
            if data is None:
                return Waiting(readable=(STDIN,))
            if data and len(self._input) < _INPUT_BYTES_MAX:
                self._input += data
                return AGAIN
        self._lines = self._input.decode("utf-8", "replace").splitlines()
        return None

    def _key(self, system: System, data: bytes) -> bool:
        """Act on what was typed; True to leave."""
        if self._typed is not None:
            return self._type_search(data)
        _, rows = system.window_size(STDOUT)
        if data in (b"q", b"Q", b"\x03"):
            return True
        if data in _DOWN:
            self._top += 1
        elif data in _UP:
            self._top -= 1
        elif data in _PAGE_DOWN:
            self._top += rows - 1
        elif data in _PAGE_UP:
            self._top -= rows - 1
        elif data in (b"g", b"<"):
            self._top = 0
        elif data in (b"G", b">"):
            self._top = len(self._lines or [])
        elif data == b"/":
            self._typed = ""
        elif data == b"n":
            self._find()
        return False

    def _type_search(self, data: bytes) -> bool:
        text = data.decode("utf-8", "ignore")
        if text in ("\r", "\n"):
            self._search, self._typed = self._typed or self._search, None
            self._find()
        elif text == "\x7f":
            self._typed = (self._typed or "")[:-1]
        elif text == "\x1b":
            self._typed = None
        else:
            self._typed = (self._typed or "") + text
        return False

    def _find(self) -> None:
        lines = self._lines or []
        for number in range(self._top + 1, len(lines)):
            if self._search and self._search in lines[number]:
                self._top = number
                return

    def _draw(self, system: System) -> None:
        columns, rows = system.window_size(STDOUT)
        lines = self._lines or []
        height = max(rows - 1, 1)
        self._top = max(min(self._top, len(lines) - height), 0)
        page = [line[:columns] for line in lines[self._top : self._top + height]]
        page += ["~"] * (height - len(page))
        is_end = self._top + height >= len(lines)
        status = f"/{self._typed}" if self._typed is not None else "(END)" if is_end else ":"
        text = "\x1b[H\x1b[2J" + "\r\n".join(page) + "\r\n" + status
        system.write(STDOUT, text.encode())
