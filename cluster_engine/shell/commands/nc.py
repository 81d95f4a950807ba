"""nc: bytes to and from a port; -z asks only whether it is open, -l listens."""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDERR, STDIN, STDOUT, UsageError
from cluster_engine.shell.commands.options import parse_words


class Nc:
    """The program: one connection, both ways."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._is_begun = False
        self._listener = -1
        self._socket = -1
        self._is_input_open = True
        self._to_peer = b""
        self._to_output = b""

    def step(self, system: System) -> Outcome:
        """Connect or accept, then pass bytes on."""
        if not self._is_begun:
            self._is_begun = True
            code = self._begin(system)
            if code >= 0:
                return Exited(code)
        if self._socket < 0:
            accepted = system.accept(self._listener)
            if accepted is None:
                return Waiting(readable=(self._listener,))
            self._socket = accepted
        try:
            return self._pump(system)
        except Errno:
            return Exited(1)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _begin(self, system: System) -> int:
        """-1 to go on, else the exit code."""
        try:
            options, operands = parse_words("nc", self._arguments[1:], "zvlnu46kNq", "wp")
        except UsageError as error:
            system.write(STDERR, f"nc: {error}\n".encode())
            return 1
        if "l" in options:
            port = options.get("p") or (operands[-1] if operands else "")
            try:
                self._listener = system.listen(int(port))
            except (ValueError, Errno) as error:
                system.write(STDERR, f"nc: cannot listen: {error}\n".encode())
                return 1
            return -1
        if len(operands) < 2 or not operands[1].isdigit():
            system.write(STDERR, b"usage: nc [-zvln] [-p port] host port\n")
            return 1
        host, port = operands[0], operands[1]
        try:
            self._socket = system.connect(host, int(port))
        except NetworkError as error:
            words = "Connection refused" if error.kind == "connection refused" else error.kind
            if "v" in options or "z" not in options:
                text = f"nc: connect to {host} port {port} (tcp) failed: {words}\n"
                system.write(STDERR, text.encode())
            return 1
        if "v" in options:
            text = f"Connection to {host} {port} port [tcp/*] succeeded!\n"
            system.write(STDERR, text.encode())
        return 0 if "z" in options else -1

    def _pump(self, system: System) -> Outcome:
        if self._to_output:
            self._to_output = self._to_output[system.write(STDOUT, self._to_output) :]
        if self._to_peer:
            self._to_peer = self._to_peer[system.write(self._socket, self._to_peer) :]
        readable = [self._socket] if not self._to_output else []
        if not self._to_output:
            data = system.read(self._socket)
            if data == b"":
                return Exited(0)
            if data is not None:
                self._to_output = data
                return AGAIN
        if self._is_input_open and not self._to_peer:
            data = system.read(STDIN)
            if data is None:
                readable.append(STDIN)
            elif data:
                self._to_peer = data
                return AGAIN
            else:
                self._is_input_open = False
                system.finish(self._socket)
        writable = [STDOUT] if self._to_output else []
        writable += [self._socket] if self._to_peer else []
        return Waiting(readable=tuple(readable), writable=tuple(writable))
