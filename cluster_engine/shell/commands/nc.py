"""nc and telnet: bytes to and from a port; -z asks only whether it is open, -l listens."""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDIN, STDOUT, Invocation, Output, UsageError
from cluster_engine.shell.commands.exchanges import CONNECT_MS, RESOLVE_MS
from cluster_engine.shell.commands.options import Options, parse

_PIECE_BYTES = 64 * 1024
_PORTS_MAX = 1000
_USAGE = """\
usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]
"""


class Nc:
    """The program: one connection, both ways."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._options: Options | None = None
        self._host = ""
        #: Ports still to be tried.
        self._ports: list[int] = []
        self._listener = -1
        self._socket = -1
        self._is_input_open = True
        self._to_peer = b""
        self._to_output = b""
        self._until_ms: int | None = None
        self._late = ""
        self._is_over = False
        self._code = 1

    def step(self, system: System) -> Outcome:
        """Connect or accept, then pass bytes on."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._is_over:
            return Exited(self._code)
        call = Invocation(
            system, self._arguments, b"", self._output.out, self._output.err, self._is_busybox
        )
        try:
            return self._go_on(call)
        except UsageError as error:
            self._code = call.misused(error)
        except Errno:
            self._code = 1
        self._is_over = True
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _go_on(self, call: Invocation) -> Outcome:
        if self._options is None:
            self.begin(call)
            return AGAIN
        if self._until_ms is not None:
            if call.system.now_ms < self._until_ms:
                return Waiting(until_ms=self._until_ms)
            self._until_ms = None
            if self._late:
                call.complain(self._late)
            return AGAIN
        if self._socket >= 0:
            return self._pump(call)
        if self._listener >= 0:
            accepted = call.system.accept(self._listener)
            if accepted is None:
                return Waiting(readable=(self._listener,))
            self._accepted(call, accepted)
            return AGAIN
        if not self._ports:
            self._is_over = True
            return AGAIN
        self._connect(call, self._ports.pop(0))
        return AGAIN

    # The beginning

    def begin(self, call: Invocation) -> None:
        """Read the options. Raises UsageError."""
        options, operands = parse(call, "zvlknu46NdCDrtUSFh", "wpqisIMmOPTVWXxe")
        if "l" in options:
            port = options.get("p") or (operands[-1] if operands else "")
            if not port.isdecimal():
                raise self._usage(call)
            self._listen(call, int(port[:6]), "v" in options)
        elif not operands:
            raise self._usage(call)
        else:
            self._host = operands[0]
            if len(operands) < 2:
                raise UsageError("missing port number")
            self._ports = self._port_range(operands[1])
        self._options = options

    def _usage(self, call: Invocation) -> UsageError:
        if not self._is_busybox:
            call.err.extend(_USAGE.encode())
            return UsageError("")
        return UsageError("", has_hint=True)

    def _port_range(self, text: str) -> list[int]:
        first, dash, last = text.partition("-")
        known = {"http": "80", "https": "443", "ssh": "22", "domain": "53", "redis": "6379"}
        first = known.get(first, first)
        last = last if dash else first
        if not (first.isdecimal() and last.isdecimal()) or not 0 < int(first[:6]) < 65536:
            raise UsageError(f"port number invalid: {text}")
        return list(range(int(first[:6]), min(int(last[:6]), 65535) + 1))[:_PORTS_MAX]

    def _listen(self, call: Invocation, port: int, is_verbose: bool) -> None:
        try:
            self._listener = call.system.listen(port)
        except Errno as error:
            raise UsageError(call.either(error.text, f"bind: {error.text}")) from None
        if is_verbose:
            text = call.either(f"Listening on 0.0.0.0 {port}", f"listening on 0.0.0.0:{port} ...")
            call.err.extend(f"{text}\n".encode())

    def _accepted(self, call: Invocation, socket: int) -> None:
        assert self._options is not None
        self._socket = socket
        if "v" in self._options:
            host, port = call.system.peer(socket)
            text = f"Connection received on {host} {port}"
            if self._is_busybox:
                text = f"connect to 0.0.0.0 from {host} ({host}:{port})"
            call.err.extend(f"{text}\n".encode())

    def _connect(self, call: Invocation, port: int) -> None:
        assert self._options is not None
        try:
            socket = call.system.connect(self._host, port)
        except NetworkError as error:
            self._refused(call, port, error.kind)
            return
        self._code = 0
        self.connected(call, port)
        if "z" in self._options:
            call.system.close(socket)
        else:
            self._socket = socket

    def connected(self, call: Invocation, port: int) -> None:
        """Say that there is a connection."""
        assert self._options is not None
        if "v" not in self._options:
            return
        address = self._address(call)
        if self._is_busybox:
            text = f"{self._host} ({address}:{port}) open"
        else:
            shown = self._host if address == self._host else f"{self._host} ({address})"
            text = f"Connection to {shown} {port} port [tcp/*] succeeded!"
        call.err.extend(f"{text}\n".encode())

    def _address(self, call: Invocation) -> str:
        try:
            addresses = call.system.resolve(self._host)
        except NetworkError:
            addresses = []
        return addresses[0] if addresses else self._host

    def _refused(self, call: Invocation, port: int, kind: str) -> None:
        options = self._options
        assert options is not None
        limit = options.count("w", 0, "timeout invalid: {}")
        if kind in ("no such host", "dns timeout"):
            text = f'getaddrinfo for host "{self._host}" port {port}: Name or service not known'
            self._late = call.either(text, f"bad address '{self._host}'")
            self._ports = []
            needed_ms = RESOLVE_MS if kind == "dns timeout" else 0
        else:
            self._late = self.refusal(call, port, kind, limit)
            needed_ms = CONNECT_MS if kind == "timeout" else 0
        if needed_ms and limit:
            needed_ms = min(limit * 1000, needed_ms)
        self._until_ms = call.system.now_ms + needed_ms

    def refusal(self, call: Invocation, port: int, kind: str, limit: int) -> str:
        """What is said when there is no connection; "" for nothing."""
        options = self._options
        assert options is not None
        words = {
            "connection refused": "Connection refused",
            "timeout": "Connection timed out",
        }.get(kind, "No route to host")
        if self._is_busybox:
            if kind == "timeout" and limit:
                return "timed out"
            return f"can't connect to remote host ({self._address(call)}): {words}"
        if "v" not in options:
            return ""
        address = self._address(call)
        shown = self._host if address == self._host else f"{self._host} ({address})"
        if kind == "timeout" and limit:
            words = "timed out: Operation now in progress"
        else:
            words = f"failed: {words}"
        return f"connect to {shown} port {port} (tcp) {words}"

    # The connection

    def _pump(self, call: Invocation) -> Outcome:
        system = call.system
        if self._to_output:
            self._to_output = self._to_output[system.write(STDOUT, self._to_output) :]
        if self._to_peer:
            self._to_peer = self._to_peer[system.write(self._socket, self._to_peer) :]
        readable = [self._socket] if not self._to_output else []
        if not self._to_output:
            data = system.read(self._socket, _PIECE_BYTES)
            if data == b"":
                self._closed(call)
                return AGAIN
            if data is not None:
                self._to_output = data
                return AGAIN
        if self._is_input_open and not self._to_peer:
            data = system.read(STDIN, _PIECE_BYTES)
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

    def _closed(self, call: Invocation) -> None:
        assert self._options is not None
        call.system.close(self._socket)
        self._socket = -1
        self._code = 0
        if self._listener < 0 or "k" not in self._options:
            self.ended(call)
            self._is_over = True

    def ended(self, call: Invocation) -> None:
        """The peer has closed the connection."""


class Telnet(Nc):
    """The program: nc with more words."""

    def begin(self, call: Invocation) -> None:
        """Read the options. Raises UsageError."""
        options, operands = parse(call, "aEKL8", "elbn")
        if not operands:
            if self._is_busybox:
                raise UsageError("", has_hint=True)
            raise UsageError("usage: telnet host [port]")
        self._options = options
        self._host = operands[0]
        self._ports = self._port_range(operands[1] if len(operands) > 1 else "23")
        if not self._is_busybox:
            call.line(f"Trying {self._address(call)}...")

    def connected(self, call: Invocation, port: int) -> None:
        """Say that there is a connection."""
        call.line(f"Connected to {self._host}" + call.either(".", "\n\nEntering character mode"))
        call.line("Escape character is '^]'." + call.either("", "\n"))

    def refusal(self, call: Invocation, port: int, kind: str, limit: int) -> str:
        """What is said when there is no connection."""
        words = {
            "connection refused": "Connection refused",
            "timeout": "Connection timed out",
        }.get(kind, "No route to host")
        busybox = f"can't connect to remote host ({self._address(call)}): {words}"
        return call.either(f"Unable to connect to remote host: {words}", busybox)

    def ended(self, call: Invocation) -> None:
        """The peer has closed the connection."""
        text = call.either(
            "Connection closed by foreign host.\n", "Connection closed by foreign host\r\n"
        )
        call.err.extend(text.encode())
        self._code = 1
