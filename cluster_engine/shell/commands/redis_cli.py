"""redis-cli: talks to a Redis server; one command, or line by line."""

from __future__ import annotations

import shlex

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDERR, STDIN, STDOUT, UsageError
from cluster_engine.shell.commands.options import parse_words


class RedisCli:
    """The program."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._host, self._port = "127.0.0.1", 6379
        self._command: list[str] | None = None
        self._socket = -1
        self._lines = bytearray()
        self._reply = bytearray()
        self._is_asking = False
        self._is_raw = False
        self._is_input_done = False

    def step(self, system: System) -> Outcome:
        """Send what is asked, print what is answered."""
        if self._command is None:
            code = self._begin(system)
            if code >= 0:
                return Exited(code)
        if self._is_asking:
            return self._take_reply(system)
        if self._arguments:
            words, self._arguments = self._arguments, []
            return self._ask(system, words)
        if self._command:
            return Exited(0)
        return self._take_line(system)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _begin(self, system: System) -> int:
        try:
            options, words = parse_words(
                "redis-cli", self._arguments[1:], "x", "hpanu", {"raw": "raw"}, stops_early=True
            )
            self._port = int(options.get("p", "6379"))
        except (UsageError, ValueError) as error:
            system.write(STDERR, f"redis-cli: {error}\n".encode())
            return 1
        self._host = options.get("h", "127.0.0.1")
        self._is_raw = "raw" in options or not system.is_tty(STDOUT)
        self._command, self._arguments = words, list(words)
        if not self._connect(system) and words:
            return 1
        if not words:
            self._prompt(system)
        return -1

    def _connect(self, system: System) -> bool:
        try:
            self._socket = system.connect(self._host, self._port)
        except NetworkError as error:
            words = {
                "connection refused": "Connection refused",
                "no such host": "Name or service not known",
            }
            text = words.get(error.kind, error.kind)
            place = f"{self._host}:{self._port}"
            system.write(STDERR, f"Could not connect to Redis at {place}: {text}\n".encode())
            self._socket = -1
            return False
        return True

    def _prompt(self, system: System) -> None:
        if system.is_tty(STDIN):
            text = f"{self._host}:{self._port}> " if self._socket >= 0 else "not connected> "
            system.write(STDOUT, text.encode())

    def _take_line(self, system: System) -> Outcome:
        end = self._lines.find(b"\n")
        if end < 0:
            data = system.read(STDIN) if not self._is_input_done else b""
            if data is None:
                return Waiting(readable=(STDIN,))
            if not data:
                if system.is_tty(STDIN):
                    system.write(STDOUT, b"\n")
                return Exited(0)
            self._lines += data
            return AGAIN
        line = self._lines[:end].decode("utf-8", "replace").strip()
        del self._lines[: end + 1]
        try:
            words = shlex.split(line)
        except ValueError:
            system.write(STDOUT, b"Invalid argument(s)\n")
            words = []
        if words and words[0].lower() in ("quit", "exit"):
            return Exited(0)
        if words and words[0].lower() == "clear":
            system.write(STDOUT, b"\x1b[H\x1b[2J")
            words = []
        if not words:
            self._prompt(system)
            return AGAIN
        return self._ask(system, words)

    def _ask(self, system: System, words: list[str]) -> Outcome:
        if self._socket < 0 and not self._connect(system):
            self._prompt(system)
            return AGAIN
        parts = [word.encode("utf-8", "surrogateescape") for word in words]
        data = b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts)
        try:
            system.write(self._socket, data)
        except Errno:
            self._socket = -1
            return AGAIN
        self._is_asking = True
        return AGAIN

    def _take_reply(self, system: System) -> Outcome:
        parsed = parse_reply(self._reply, 0)
        if parsed is None:
            try:
                data = system.read(self._socket)
            except Errno:
                data = b""
            if data is None:
                return Waiting(readable=(self._socket,))
            if not data:
                self._is_asking, self._socket = False, -1
                if self._command:
                    system.write(STDERR, b"Error: Server closed the connection\n")
                    return Exited(1)
                self._prompt(system)
                return AGAIN
            self._reply += data
            return AGAIN
        value, end = parsed
        del self._reply[:end]
        self._is_asking = False
        system.write(
            STDOUT, (render(value, is_raw=self._is_raw) + "\n").encode("utf-8", "surrogateescape")
        )
        if not self._command:
            self._prompt(system)
        return AGAIN


def parse_reply(buffer: bytearray, at: int) -> tuple[object, int] | None:
    """A value and where it ends; None when it has not all come."""
    end = buffer.find(b"\r\n", at)
    if end < 0:
        return None
    kind, rest = chr(buffer[at]), bytes(buffer[at + 1 : end])
    at = end + 2
    if kind == "+":
        return ("+", rest.decode("utf-8", "replace")), at
    if kind == "-":
        return ("-", rest.decode("utf-8", "replace")), at
    if kind == ":":
        return int(rest), at
    size = int(rest)
    if size < 0:
        return None_, at
    if kind == "$":
        if len(buffer) < at + size + 2:
            return None
        return bytes(buffer[at : at + size]), at + size + 2
    items = []
    for _ in range(size):
        found = parse_reply(buffer, at)
        if found is None:
            return None
        items.append(found[0])
        at = found[1]
    return items, at


#: Stands for a null reply (None means "not all there yet").
None_ = ("nil", "")


def render(value: object, *, is_raw: bool, indent: str = "") -> str:
    """A reply as redis-cli prints it: plainly, or for people."""
    if isinstance(value, tuple):
        kind, text = value
        if kind == "nil":
            return "" if is_raw else "(nil)"
        return text if kind == "+" or is_raw else f"(error) {text}"
    if isinstance(value, int):
        return str(value) if is_raw else f"(integer) {value}"
    if isinstance(value, bytes):
        text = value.decode("utf-8", "surrogateescape")
        if is_raw:
            return text
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    assert isinstance(value, list)
    if is_raw:
        return "\n".join(render(item, is_raw=True) for item in value)
    if not value:
        return "(empty array)"
    width = len(str(len(value)))
    lines = []
    for number, item in enumerate(value, 1):
        mark = f"{number:>{width}}) "
        text = render(item, is_raw=False, indent=indent + " " * len(mark))
        lines.append((indent if number > 1 else "") + mark + text)
    return "\n".join(lines)
