"""The command line of redis-cli."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from cluster_engine.shell.commands.command import UsageError
from cluster_engine.shell.commands.redis_cli.replies import Form

_VALUED = {
    "-h": "host",
    "-p": "port",
    "-n": "database",
    "-a": "password",
    "--pass": "password",
    "--user": "user",
    "-u": "url",
    "-r": "repeat",
    "-i": "interval",
    "-t": "timeout",
    "-d": "delimiter",
    "-D": "delimiter",
    "--pattern": "pattern",
    "--count": "count",
    "--eval": "eval",
    "-X": "tag",
    "-s": "socket",
}
_FLAGS = {
    "--raw": "raw",
    "--no-raw": "no-raw",
    "--csv": "csv",
    "--json": "json",
    "--scan": "scan",
    "-x": "last",
    "-c": "cluster",
    "-e": "strict",
    "--no-auth-warning": "no-auth-warning",
    "--tls": "tls",
    "-2": "resp2",
    "-3": "resp3",
    "--askpass": "askpass",
    "--verbose": "verbose",
}
_HELP = """\
redis-cli 7.0.15

Usage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]
  -h <hostname>      Server hostname (default: 127.0.0.1).
  -p <port>          Server port (default: 6379).
  -a <password>      Password to use when connecting to the server.
  --user <username>  Used to send ACL style 'AUTH username pass'. Needs -a.
  -u <uri>           Server URI on format redis://user:password@host:port/dbnum
  -r <repeat>        Execute specified command N times.
  -i <interval>      When -r is used, waits <interval> seconds per command.
  -n <db>            Database number.
  -x                 Read last argument from STDIN.
  --raw              Use raw formatting for replies (default when STDOUT is not a tty).
  --no-raw           Force formatted output even when STDOUT is not a tty.
  --csv              Output in CSV format.
  --json             Output in JSON format.
  --scan             List all keys using the SCAN command.
  --pattern <pat>    Keys pattern when using the --scan option (default: *).
  --help             Output this help and exit.
  --version          Output version and exit.
"""
VERSION = "redis-cli 7.0.15\n"


@dataclass(slots=True)
class CliOptions:
    """Where to connect, what to ask, how to show it."""

    host: str = "127.0.0.1"
    port: int = 6379
    database: int = 0
    user: str = ""
    password: str = ""
    warns: bool = False
    repeat: int = 1
    interval_ms: int = 0
    form: Form | None = None
    reads_last: bool = False
    scans: bool = False
    pattern: str = "*"
    command: list[str] = field(default_factory=list)
    #: To be printed instead of doing anything.
    text: str = ""


def parse_cli(words: list[str], environment: dict[str, str]) -> CliOptions:
    """What the command line says. Raises UsageError."""
    found = CliOptions(password=environment.get("REDISCLI_AUTH", ""))
    waiting = list(words)
    flags: set[str] = set()
    while waiting and waiting[0].startswith("-") and len(waiting[0]) > 1:
        word = waiting.pop(0)
        if word in ("--version", "-v"):
            found.text = VERSION
            return found
        if word == "--help":
            found.text = _HELP
            return found
        if word in _VALUED and waiting:
            _set(found, _VALUED[word], waiting.pop(0))
        elif word in _FLAGS:
            flags.add(_FLAGS[word])
        else:
            text = f"Unrecognized option or bad number of args for: '{word}'"
            raise UsageError(text)
    found.command = waiting
    found.reads_last = "last" in flags
    found.scans = "scan" in flags
    found.warns = found.warns and "no-auth-warning" not in flags
    forms: dict[str, Form] = {"raw": "raw", "no-raw": "terminal", "csv": "csv", "json": "json"}
    for name, form in forms.items():
        found.form = form if name in flags else found.form
    return found


def _set(found: CliOptions, name: str, value: str) -> None:
    try:
        if name == "host":
            found.host = value
        elif name == "port":
            found.port = int(value)
        elif name == "database":
            found.database = int(value)
        elif name == "user":
            found.user = value
        elif name == "password":
            found.password, found.warns = value, True
        elif name == "repeat":
            found.repeat = int(value)
        elif name == "interval":
            found.interval_ms = round(float(value) * 1000)
        elif name == "pattern":
            found.pattern = value
        elif name == "url":
            _take_url(found, value)
    except ValueError:
        raise UsageError(f"Invalid value '{value}' for option --{name}") from None


def _take_url(found: CliOptions, text: str) -> None:
    parts = urlsplit(text)
    if parts.scheme not in ("redis", "rediss"):
        raise UsageError("Invalid URI scheme")
    found.host = parts.hostname or found.host
    found.port = parts.port or found.port
    if parts.password is not None:
        found.user = unquote(parts.username or "")
        found.password, found.warns = unquote(parts.password), True
    database = parts.path.strip("/")
    found.database = int(database) if database else found.database
