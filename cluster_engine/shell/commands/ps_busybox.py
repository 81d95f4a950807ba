"""ps as BusyBox has it: one table, and every process in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cluster_engine.shell.commands.command import STDOUT, Command, Invocation, UsageError
from cluster_engine.shell.commands.processes import Facts, Machine, elapsed


@dataclass(frozen=True, slots=True)
class _Field:
    title: str
    width: int
    value: Callable[[Facts], str]
    is_right: bool = False


def _short_span(seconds: int) -> str:
    """ "12:34", "5h06" or "3d04", as BusyBox shows a time."""
    if seconds < 6000:
        return f"{seconds // 60:2}:{seconds % 60:02}"
    if seconds < 360_000:
        return f"{seconds // 3600:2}h{seconds // 60 % 60:02}"
    return f"{seconds // 86_400:2}d{seconds // 3600 % 24:02}"


_FIELDS = {
    "user": _Field("USER", 8, lambda f: f.user[:8]),
    "group": _Field("GROUP", 8, lambda f: f.group[:8]),
    "comm": _Field("COMMAND", 16, lambda f: f.status.name),
    "args": _Field("COMMAND", 256, lambda f: f"[{f.status.name}]" if f.is_zombie else f.command),
    "pid": _Field("PID", 5, lambda f: str(f.status.pid), is_right=True),
    "ppid": _Field("PPID", 5, lambda f: str(f.status.parent), is_right=True),
    "pgid": _Field("PGID", 5, lambda f: str(f.status.group), is_right=True),
    "etime": _Field("ELAPSED", 7, lambda f: elapsed(f.age_ms // 1000), is_right=True),
    "nice": _Field("NI", 5, lambda f: "0", is_right=True),
    "rgroup": _Field("RGROUP", 8, lambda f: f.group[:8]),
    "ruser": _Field("RUSER", 8, lambda f: f.user[:8]),
    "time": _Field("TIME", 5, lambda f: _short_span(f.cpu_seconds), is_right=True),
    "tty": _Field("TT", 6, lambda f: f.status.terminal.replace("pts/", "136,")),
    "vsz": _Field("VSZ", 4, lambda f: _short_size(f.virtual_kib), is_right=True),
    "sid": _Field("SID", 5, lambda f: str(f.status.session), is_right=True),
    "stat": _Field("STAT", 4, lambda f: f.status.state),
    "rss": _Field("RSS", 4, lambda f: _short_size(f.resident_kib), is_right=True),
}


def _short_size(kib: int) -> str:
    """In at most five characters."""
    if kib < 10_000:
        return str(kib)
    return f"{kib // 1024}m" if kib < 1024 * 10_000 else f"{kib // 1024 // 1024}g"


def run(invocation: Invocation) -> int:
    """Print the table, with the columns of -o when given."""
    names, titles = ["pid", "user", "time", "args"], dict[str, str]()
    wanted = _columns(invocation)
    if wanted:
        names, titles = [], {}
        for text in wanted:
            name, equals, title = text.partition("=")
            if name not in _FIELDS:
                known = ",".join(_FIELDS)
                raise UsageError(f"bad -o argument '{name}', supported arguments: {known}")
            names.append(name)
            if equals:
                titles[name] = title
    fields = [_FIELDS[name] for name in names]
    heads = [titles.get(name, _FIELDS[name].title) for name in names]
    if any(heads):
        invocation.line(
            " ".join(h.ljust(f.width) for h, f in zip(heads, fields, strict=True)).rstrip()
        )
    width = invocation.system.window_size(STDOUT)[0] if invocation.system.is_tty(STDOUT) else 1000
    for facts in Machine(invocation).facts():
        cells = [
            f.value(facts).rjust(f.width) if f.is_right else f.value(facts).ljust(f.width)
            for f in fields[:-1]
        ]
        invocation.line(" ".join([*cells, fields[-1].value(facts)])[: width or 80])
    return 0


def _columns(invocation: Invocation) -> list[str]:
    """What -o asks for; the other options that procps has mean nothing."""
    words, found = invocation.arguments[1:], list[str]()
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            continue
        for at, letter in enumerate(word[1:], 2):
            if letter == "o":
                value = word[at:] or (words.pop(0) if words else "")
                if not value:
                    raise UsageError("option requires an argument -- 'o'", is_option=True)
                found += value.split(",") if "=" not in value else [value]
                break
            if letter not in "TaAdefl":
                raise UsageError(f"invalid option -- '{letter}'", is_option=True)
    return found


BUSYBOX = Command("ps", run)
