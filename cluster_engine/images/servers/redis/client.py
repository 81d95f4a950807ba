"""redis-cli: one command, commands from its input, or a conversation at a terminal.

Models: redis-cli of redis 8, its options that people use, its prompts and forms of output.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.images.servers.redis.formatting import pretty, raw
from cluster_engine.images.servers.redis.resp import (
    Failure,
    ProtocolError,
    Reply,
    Status,
    request,
    split_words,
    take_reply,
)
from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

_STDIN, _STDOUT, _STDERR = 0, 1, 2
_USAGE = """\
redis-cli 8.4.0

Usage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]
  -h <hostname>      Server hostname (default: 127.0.0.1).
  -p <port>          Server port (default: 6379).
  -a <password>      Password to use when connecting to the server.
  --user <username>  Used to send ACL style 'AUTH username pass'. Needs -a.
  -u <uri>           Server URI.
  -r <repeat>        Execute specified command N times.
  -i <interval>      When -r is used, waits <interval> seconds per command.
  -n <db>            Database number.
  -x                 Read last argument from STDIN.
  -e                 Return exit error code when command execution fails.
  --raw              Use raw formatting for replies (default when STDOUT is
                     not a tty).
  --no-raw           Force formatted output even when STDOUT is not a tty.
  --help             Output this help and exit.
  --version          Output version and exit.
"""
_UNSAFE = (
    "Warning: Using a password with '-a' or '-u' option on the command line interface may not be "
    "safe.\n"
)
_LISTENING = "Reading messages... (press Ctrl-C to quit or any other key to type command)\n"
_RAW_COMMANDS = (("info",), ("lolwut",), ("client", "list"), ("client", "info"))
_INPUT_BYTES_MAX = 1024 * 1024


@dataclass(slots=True)
class Options:
    """What the arguments say."""

    host: str = "127.0.0.1"
    port: int = 6379
    password: str = ""
    user: str = ""
    database: int = 0
    repeat: int = 1
    interval_ms: int = 0
    is_raw: bool | None = None
    has_last_from_input: bool = False
    tells_errors: bool = False
    is_quiet: bool = False
    #: Print this and end with that code.
    text: str | None = None
    code: int = 0
    words: list[bytes] = field(default_factory=list)


def parse(arguments: list[str]) -> Options:
    """The arguments of redis-cli."""
    options = Options()
    rest = arguments[1:]
    while rest:
        word = rest.pop(0)
        if word in ("--help", "-?"):
            options.text = _USAGE
        elif word in ("--version", "-v"):
            options.text = "redis-cli 8.4.0\n"
        elif word == "--raw":
            options.is_raw = True
        elif word == "--no-raw":
            options.is_raw = False
        elif word == "-x":
            options.has_last_from_input = True
        elif word == "-e":
            options.tells_errors = True
        elif word == "--no-auth-warning":
            options.is_quiet = True
        elif word in ("-c", "-4", "-6", "-2", "-3", "--no-color"):
            continue
        elif word in ("-h", "-p", "-a", "--pass", "--user", "-u", "-r", "-i", "-n") and rest:
            _set(options, word, rest.pop(0))
        elif word.startswith("-") and len(word) > 1 and not word[1:].isdecimal():
            text = f"Unrecognized option or bad number of args for: '{word}'\n"
            options.text, options.code = text, 1
            return options
        else:
            options.words = [piece.encode("utf-8", "surrogateescape") for piece in (word, *rest)]
            break
    return options


def _set(options: Options, name: str, value: str) -> None:
    if name == "-h":
        options.host = value
    elif name == "-p":
        options.port = int(value) if value.isdecimal() else 0
    elif name in ("-a", "--pass"):
        options.password = value
    elif name == "--user":
        options.user = value
    elif name == "-n":
        options.database = int(value) if value.isdecimal() else 0
    elif name == "-r":
        options.repeat = int(value) if value.lstrip("-").isdecimal() else 1
    elif name == "-i":
        digits = value.replace(".", "", 1)
        options.interval_ms = int(float(value) * 1000) if digits.isdecimal() else 0
    else:
        _set_uri(options, value)


def _set_uri(options: Options, uri: str) -> None:
    """`redis://user:password@host:port/database`."""
    rest = uri.partition("://")[2]
    place, _, database = rest.partition("/")
    access, at, address = place.rpartition("@")
    if at:
        options.user, _, options.password = access.partition(":")
    host, _, port = address.partition(":")
    options.host = host or options.host
    options.port = int(port) if port.isdecimal() else options.port
    options.database = int(database) if database.isdecimal() else 0


class RedisClient:
    """The program."""

    def __init__(self, arguments: list[str]) -> None:
        self._options = parse(arguments)
        self._fd = -1
        self._has_begun = False
        self._incoming = bytearray()
        self._typed = bytearray()
        self._is_input_over = False
        #: Commands sent whose replies have not come, oldest first, and whether to show them.
        self._sent: list[tuple[list[bytes], bool]] = []
        self._is_listening = False
        self._has_prompt = False
        self._runs = 0
        self._next_ms = 0
        self._code = 0
        self._database = self._options.database

    def step(self, system: System) -> Outcome:
        """Connect, then send what there is to send and show what comes."""
        options = self._options
        if options.text is not None:
            system.write(_STDERR if options.code else _STDOUT, options.text.encode())
            return Exited(options.code)
        if not self._has_begun:
            self._has_begun = True
            outcome = self._begin(system)
            if outcome is not None:
                return outcome
        if self._fd >= 0:
            outcome = self._receive(system)
            if outcome is not None:
                return outcome
        if self._sent and not self._is_listening:
            return Waiting(readable=(self._fd,))
        if options.words:
            return self._next_run(system)
        return self._converse(system)

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False

    def _begin(self, system: System) -> Outcome | None:
        options = self._options
        options.password = options.password or system.environment.get("REDISCLI_AUTH", "")
        if options.has_last_from_input:
            data = system.read(_STDIN)
            if data is None:
                self._has_begun = False
                return Waiting(readable=(_STDIN,))
            if data:
                self._typed += data[:_INPUT_BYTES_MAX]
                self._has_begun = False
                return AGAIN
            options.words.append(bytes(self._typed))
        if not self._connect(system) and (options.words or not system.is_tty(_STDIN)):
            return Exited(1)
        return None

    def _connect(self, system: System) -> bool:
        options = self._options
        try:
            self._fd = system.connect(options.host, options.port)
        except (NetworkError, Errno) as error:
            why = _reason(str(error))
            place = f"{options.host}:{options.port}"
            system.write(_STDERR, f"Could not connect to Redis at {place}: {why}\n".encode())
            return False
        if options.password:
            if not options.is_quiet and "REDISCLI_AUTH" not in system.environment:
                system.write(_STDERR, _UNSAFE.encode())
            access = [options.user.encode()] if options.user else []
            self._send(system, [b"AUTH", *access, options.password.encode()], is_shown=False)
        if self._database:
            self._send(system, [b"SELECT", b"%d" % self._database], is_shown=False)
        return True

    def _send(self, system: System, words: list[bytes], *, is_shown: bool = True) -> None:
        system.write(self._fd, request(words))
        self._sent.append((words, is_shown))

    def _receive(self, system: System) -> Outcome | None:
        """Show what has come; an outcome when that is the end."""
        try:
            while (data := system.read(self._fd)) is not None:
                if not data:
                    return self._lost(system)
                self._incoming += data
            while (found := take_reply(self._incoming)) is not None:
                self._show(system, found[0])
        except (ProtocolError, Errno) as error:
            system.write(_STDERR, f"Error: {error}\n".encode())
            return Exited(1)
        return None

    def _lost(self, system: System) -> Outcome | None:
        system.close(self._fd)
        self._fd = -1
        was_waiting = bool(self._sent)
        words = self._sent[0][0] if was_waiting else []
        self._sent.clear()
        if words and words[0].lower() in (b"shutdown", b"quit"):
            return Exited(0) if self._options.words else None
        if was_waiting or self._options.words:
            system.write(_STDERR, b"Error: Server closed the connection\n")
        return Exited(1) if self._options.words or self._is_listening else None

    def _show(self, system: System, reply: Reply) -> None:
        words, is_shown = self._sent[0] if self._sent else ([], True)
        if self._sent and not self._is_listening:
            self._sent.pop(0)
        name = words[0].lower() if words else b""
        if isinstance(reply, Failure):
            self._code = 1
            if not is_shown and name == b"auth":
                system.write(_STDERR, f"AUTH failed: {reply}\n".encode())
        elif name == b"select" and len(words) > 1 and words[1].isdigit():
            self._database = int(words[1])
        elif name in (b"subscribe", b"psubscribe", b"monitor") and not self._is_listening:
            self._is_listening = True
            if not self._is_raw(system) and name != b"monitor":
                system.write(_STDOUT, _LISTENING.encode())
        if is_shown:
            system.write(_STDOUT, self._formatted(system, words, reply))

    def _formatted(self, system: System, words: list[bytes], reply: Reply) -> bytes:
        lower = tuple(word.decode("latin-1").lower() for word in words)
        is_text = isinstance(reply, bytes) and any(
            lower[: len(name)] == name for name in _RAW_COMMANDS
        )
        if self._is_raw(system):
            return raw(reply)
        if is_text and isinstance(reply, bytes):
            return reply if reply.endswith(b"\n") else reply + b"\n"
        return pretty(reply).encode()

    def _is_raw(self, system: System) -> bool:
        wish = self._options.is_raw
        return not system.is_tty(_STDOUT) if wish is None else wish

    def _next_run(self, system: System) -> Outcome:
        """The command of the arguments, as often as wanted."""
        options = self._options
        if self._is_listening:
            return Waiting(readable=(self._fd,))
        if 0 <= options.repeat <= self._runs:
            return Exited(self._code if options.tells_errors else 0)
        if system.now_ms < self._next_ms:
            return Waiting(readable=(self._fd,), until_ms=self._next_ms)
        self._runs += 1
        self._next_ms = system.now_ms + options.interval_ms
        self._send(system, options.words)
        return Waiting(readable=(self._fd,))

    def _converse(self, system: System) -> Outcome:
        """Take a line of input."""
        is_tty = system.is_tty(_STDIN)
        if is_tty and not self._has_prompt and not self._is_listening:
            system.write(_STDOUT, self._prompt().encode())
            self._has_prompt = True
        while b"\n" not in self._typed and not self._is_input_over:
            data = system.read(_STDIN)
            if data is None:
                return Waiting(readable=(_STDIN, self._fd) if self._fd >= 0 else (_STDIN,))
            self._is_input_over = not data
            self._typed += data
            if len(self._typed) > _INPUT_BYTES_MAX:
                return Exited(1)
        line, newline, rest = bytes(self._typed).partition(b"\n")
        if not line and not newline:
            if is_tty:
                system.write(_STDOUT, b"\n")
            return Exited(self._code if self._options.tells_errors else 0)
        self._typed[:] = rest
        self._has_prompt = False
        return self._do(system, line.decode("latin-1"))

    def _do(self, system: System, line: str) -> Outcome:
        words = split_words(line)
        if words is None:
            system.write(_STDOUT, b"Invalid argument(s)\n")
            return AGAIN
        if not words:
            return AGAIN
        name = words[0].lower()
        if name in (b"quit", b"exit") and len(words) == 1:
            return Exited(0)
        if name == b"clear":
            system.write(_STDOUT, b"\x1b[H\x1b[2J")
            return AGAIN
        if name in (b"help", b"?"):
            system.write(
                _STDOUT,
                b"redis-cli 8.4.0\nTo get help about Redis commands type:\n"
                b'      "help <command>" for help on <command>\n'
                b'      "quit" to exit\n',
            )
            return AGAIN
        if self._fd < 0 and not self._connect(system):
            return AGAIN
        self._send(system, words)
        return Waiting(readable=(self._fd,))

    def _prompt(self) -> str:
        if self._fd < 0:
            return "not connected> "
        place = f"{self._options.host}:{self._options.port}"
        return f"{place}[{self._database}]> " if self._database else f"{place}> "


def _reason(text: str) -> str:
    if "refused" in text:
        return "Connection refused"
    if "host" in text or "dns" in text:
        return "Name or service not known"
    return "Connection timed out"


__all__ = ["Options", "RedisClient", "Status", "parse"]
