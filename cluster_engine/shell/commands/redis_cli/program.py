"""redis-cli, the program: a connection, words to send, replies to show.

Without a command it reads lines: at a terminal with a prompt and a history, else from its input.
"""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDIN, STDOUT, Invocation, Output, UsageError
from cluster_engine.shell.commands.exchanges import CONNECT_MS
from cluster_engine.shell.commands.redis_cli.dialogue import HELP, Dialogue
from cluster_engine.shell.commands.redis_cli.options import CliOptions, parse_cli
from cluster_engine.shell.commands.redis_cli.replies import (
    Form,
    Malformed,
    Nil,
    Reply,
    Status,
    read_reply,
    request,
    shown,
)

_PIECE_BYTES = 64 * 1024
_REPLY_BYTES_MAX = 8 * 1024 * 1024
_SIGINT = 2
_ENDLESS = ("monitor", "subscribe", "psubscribe", "ssubscribe")
_WARNING = (
    "Warning: Using a password with '-a' or '-u' option on the command line interface may not be "
    "safe.\n"
)


class RedisCli:
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._options: CliOptions | None = None
        self._form: Form = "raw"
        self._dialogue: Dialogue | None = None
        self._socket = -1
        self._host, self._port = "127.0.0.1", 6379
        #: Commands to be sent, the first one next; with what is done with the reply.
        self._queue: list[tuple[list[bytes], str]] = []
        self._to_peer = b""
        self._reply = bytearray()
        self._awaited: tuple[list[bytes], str] | None = None
        self._last: bytearray | None = None
        self._repeats = 0
        self._until_ms: int | None = None
        self._is_endless = False
        self._is_interrupted = False
        self._cursor = "0"
        self._is_over = False
        self._code = 0

    def step(self, system: System) -> Outcome:
        """Write out, then go on."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._is_over:
            return Exited(self._code)
        call = Invocation(
            system, self._arguments, None, self._output.out, self._output.err, self._is_busybox
        )
        try:
            return self._go_on(call)
        except UsageError as error:
            call.err.extend(f"{error}\n".encode())
            self._end(error.code)
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """^C ends a subscription at a terminal, and else the program."""
        del system
        if number == _SIGINT and self._dialogue is not None and self._is_endless:
            self._is_interrupted = True
            return True
        return False

    def _end(self, code: int) -> None:
        self._is_over, self._code = True, code

    def _go_on(self, call: Invocation) -> Outcome:
        if self._options is None:
            self._begin(call)
            return AGAIN
        if self._until_ms is not None:
            if call.system.now_ms < self._until_ms:
                return Waiting(until_ms=self._until_ms)
            self._until_ms = None
        if self._last is not None and self._options.reads_last:
            return self._read_last(call)
        if self._to_peer:
            return self._send(call)
        if self._awaited is not None or self._is_endless:
            return self._receive(call)
        if self._queue:
            self._ask(call, *self._queue.pop(0))
            return AGAIN
        if self._options.command or self._options.scans:
            return self._next_round(call)
        assert self._dialogue is not None
        return self._take_line(call, self._dialogue)

    # The beginning

    def _begin(self, call: Invocation) -> None:
        options = parse_cli(call.arguments[1:], call.system.environment)
        self._options = options
        if options.text:
            call.say(options.text)
            self._end(0)
            return
        is_terminal = call.system.is_tty(STDOUT)
        self._form = options.form or ("terminal" if is_terminal else "raw")
        self._host, self._port = options.host, options.port
        if options.warns:
            call.err.extend(_WARNING.encode())
        if options.command[:1] == ["help"]:
            call.say(HELP)
            self._end(0)
            return
        has_command = bool(options.command) or options.scans
        if not has_command:
            self._dialogue = Dialogue(is_terminal=call.system.is_tty(STDIN) and is_terminal)
        if not self._connect(call) and has_command:
            self._end(1)
            return
        if options.reads_last:
            self._last = bytearray()
        elif has_command:
            self._repeats = options.repeat if options.repeat >= 0 else -1

    def _connect(self, call: Invocation) -> bool:
        assert self._options is not None
        try:
            self._socket = call.system.connect(self._host, self._port)
        except NetworkError as error:
            words = {
                "connection refused": "Connection refused",
                "no such host": "Name or service not known",
                "dns timeout": "Temporary failure in name resolution",
                "timeout": "Connection timed out",
            }
            if error.kind in ("timeout", "dns timeout"):
                self._until_ms = call.system.now_ms + CONNECT_MS
            text = words.get(error.kind, "No route to host")
            place = f"{self._host}:{self._port}"
            call.err.extend(f"Could not connect to Redis at {place}: {text}\n".encode())
            self._socket = -1
            return False
        self._reply.clear()
        greeting: list[tuple[list[bytes], str]] = []
        if self._options.password:
            user = [self._options.user.encode()] if self._options.user else []
            greeting.append(([b"AUTH", *user, self._options.password.encode()], "auth"))
        if self._options.database:
            greeting.append(([b"SELECT", str(self._options.database).encode()], "select"))
        self._queue[:0] = greeting
        return True

    def _read_last(self, call: Invocation) -> Outcome:
        """The last word of the command is what comes on standard input."""
        assert self._options is not None and self._last is not None
        data = call.system.read(STDIN, _PIECE_BYTES)
        if data is None:
            return Waiting(readable=(STDIN,))
        self._last += data
        if not data or len(self._last) > _REPLY_BYTES_MAX:
            self._options.reads_last = False
            self._repeats = self._options.repeat
        return AGAIN

    def _next_round(self, call: Invocation) -> Outcome:
        """The command of the command line once more, or the end."""
        assert self._options is not None
        if self._options.scans:
            if self._cursor == "end":
                self._end(0)
                return AGAIN
            words = [b"SCAN", self._cursor.encode(), b"MATCH", self._options.pattern.encode()]
            self._queue.append((words, "scan"))
            return AGAIN
        if not self._repeats:
            self._end(self._code)
            return AGAIN
        is_first = self._repeats == self._options.repeat
        if self._options.interval_ms and not is_first and self._until_ms is None:
            self._until_ms = call.system.now_ms + self._options.interval_ms
        self._repeats -= 1
        words = [word.encode("utf-8", "surrogateescape") for word in self._options.command]
        if self._last is not None:
            words.append(bytes(self._last))
        self._queue.append((words, "show"))
        return AGAIN

    # Asking

    def _ask(self, call: Invocation, words: list[bytes], then: str) -> None:
        if self._socket < 0:
            rest, self._queue = self._queue, []
            if self._connect(call):
                self._queue += [(words, then), *rest]
            return
        self._to_peer = request(words)
        self._awaited = (words, then)

    def _send(self, call: Invocation) -> Outcome:
        try:
            taken = call.system.write(self._socket, self._to_peer)
        except Errno:
            self._lost(call)
            return AGAIN
        self._to_peer = self._to_peer[taken:]
        return AGAIN if taken else Waiting(writable=(self._socket,))

    def _receive(self, call: Invocation) -> Outcome:
        if self._is_interrupted:
            self._is_interrupted = self._is_endless = False
            call.system.close(self._socket)
            self._socket, self._awaited = -1, None
            if self._options is not None and self._dialogue is not None:
                self._options.database = self._dialogue.database
            self._connect(call)
            return AGAIN
        try:
            found = read_reply(self._reply)
        except Malformed:
            call.err.extend(b"Error: Protocol error\n")
            self._lost(call)
            return AGAIN
        if found is not None:
            reply, end = found
            del self._reply[:end]
            self._take(call, reply)
            return AGAIN
        try:
            data = call.system.read(self._socket, _PIECE_BYTES)
        except Errno:
            data = b""
        if data is None:
            return Waiting(readable=(self._socket,))
        if not data or len(self._reply) > _REPLY_BYTES_MAX:
            self._lost(call)
            return AGAIN
        self._reply += data
        return AGAIN

    def _lost(self, call: Invocation) -> None:
        """The server has gone."""
        words = self._awaited[0] if self._awaited is not None else []
        call.system.close(self._socket)
        self._socket, self._awaited, self._to_peer = -1, None, b""
        self._is_endless = False
        self._queue.clear()
        is_wanted = bool(words) and words[0].lower() in (b"shutdown", b"quit")
        if self._dialogue is not None:
            self._dialogue.reset()
            if not is_wanted:
                call.err.extend(b"Error: Server closed the connection\n")
        elif is_wanted:
            self._end(0)
        else:
            call.err.extend(b"Error: Server closed the connection\n")
            self._end(1)

    # Replies

    def _take(self, call: Invocation, reply: Reply) -> None:
        if self._is_endless:
            call.out.extend(shown(reply, self._form))
            return
        assert self._awaited is not None
        (words, then), self._awaited = self._awaited, None
        is_error = isinstance(reply, Status) and reply.is_error
        if then == "auth" and isinstance(reply, Status) and reply.is_error:
            call.err.extend(f"AUTH failed: {reply.text}\n".encode())
        elif then == "scan" and isinstance(reply, list) and len(reply) == 2:
            self._take_scanned(call, reply)
        elif then in ("show", "scan"):
            call.out.extend(shown(reply, self._form))
            name = words[0].decode("utf-8", "replace").lower()
            if self._dialogue is not None:
                self._dialogue.after(name, words, is_error=is_error, is_nil=isinstance(reply, Nil))
            if name in _ENDLESS and not is_error:
                self._is_endless = True
            if then == "scan":
                self._cursor = "end"

    def _take_scanned(self, call: Invocation, reply: list[Reply]) -> None:
        cursor, keys = reply
        self._cursor = cursor.decode() if isinstance(cursor, bytes) else "0"
        for key in keys if isinstance(keys, list) else []:
            call.out.extend(shown(key, self._form if self._form != "terminal" else "raw"))
        if self._cursor == "0":
            self._cursor = "end"

    # Lines

    def _take_line(self, call: Invocation, dialogue: Dialogue) -> Outcome:
        place = f"{self._host}:{self._port}" if self._socket >= 0 else ""
        outcome = dialogue.read(call, place)
        if outcome is not None:
            return outcome
        command = dialogue.take()
        if command is None:
            self._end(0)
        elif command.text:
            call.say(command.text)
        elif command.place is not None:
            self._host, self._port = command.place
            if self._socket >= 0:
                call.system.close(self._socket)
            self._connect(call)
        else:
            self._queue += [(command.words, "show")] * command.count
            if command.words and command.words[0].lower().endswith(b"subscribe"):
                call.say("Reading messages... (press Ctrl-C to quit)\n" * dialogue.is_terminal)
        return AGAIN
