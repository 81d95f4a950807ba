"""The columns that ps can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.processes import Facts, clock, elapsed, minutes


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is titled, how wide it is, what it shows of a process."""

    title: str
    width: int
    value: Callable[[Facts], str | int | float]
    is_right: bool = True
    #: What it shows may be too long: then "+" stands for the rest (or a number for a name).
    is_cut: bool = False


def shown(column: Column, facts: Facts) -> str:
    """What a column shows."""
    value = column.value(facts)
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    if column.is_cut and len(text) > column.width:
        text = f"{text[: column.width - 1]}+"
    return text


def _none(facts: Facts) -> str:
    del facts
    return "-"


def _flags(facts: Facts) -> int:
    return 4 if facts.status.parent == 0 else 0


def _waits_in(facts: Facts) -> str:
    return "-" if facts.status.state in "RZ" else "do_sys"


_PID = Column("PID", 7, lambda f: f.status.pid)
_USER = Column("USER", 8, lambda f: f.user, is_right=False, is_cut=True)
_GROUP = Column("GROUP", 8, lambda f: f.group, is_right=False, is_cut=True)
_ARGS = Column("COMMAND", 27, lambda f: f.command, is_right=False)
_NAME = Column("COMMAND", 15, lambda f: f.status.name, is_right=False)
_STATE = Column("S", 1, lambda f: f.status.state, is_right=False)
_TTY = Column("TTY", 8, lambda f: f.status.terminal, is_right=False)
_TT = Column("TT", 8, lambda f: f.status.terminal, is_right=False)
_TIME = Column("TIME", 8, lambda f: clock(f.cpu_seconds))
_NICE = Column("NI", 3, lambda f: 0)
_CPU = Column("%CPU", 4, lambda f: f.cpu_percent)
_MEMORY = Column("%MEM", 4, lambda f: f.memory_percent)
_RESIDENT = Column("RSS", 5, lambda f: f.resident_kib)
_VIRTUAL = Column("VSZ", 6, lambda f: f.virtual_kib)
_SESSION = Column("SID", 7, lambda f: f.status.session)
_THREADS = Column("NLWP", 4, lambda f: f.status.threads)

COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "%cpu": _CPU,
        "%mem": _MEMORY,
        "addr": Column("ADDR", 1, _none, is_right=False),
        "args": _ARGS,
        "bsdstart": Column("START", 5, lambda f: f.started("%b%d"), is_right=False),
        "bsdtime": Column("TIME", 6, lambda f: minutes(f.cpu_seconds)),
        "c": Column("C", 2, lambda f: int(f.cpu_percent)),
        "cls": Column("CLS", 3, lambda f: "TS"),
        "cmd": Column("CMD", 27, lambda f: f.command, is_right=False),
        "comm": _NAME,
        "command": _ARGS,
        "cputime": _TIME,
        "egid": Column("EGID", 5, lambda f: f.status.gid),
        "egroup": Column("EGROUP", 8, lambda f: f.group, is_right=False, is_cut=True),
        "etime": Column("ELAPSED", 11, lambda f: elapsed(f.age_ms // 1000)),
        "etimes": Column("ELAPSED", 7, lambda f: f.age_ms // 1000),
        "euid": Column("EUID", 5, lambda f: f.status.uid),
        "euser": Column("EUSER", 8, lambda f: f.user, is_right=False, is_cut=True),
        "f": Column("F", 1, _flags),
        "flags": Column("F", 1, _flags),
        "fname": Column("COMMAND", 8, lambda f: f.status.name[:8], is_right=False),
        "gid": Column("GID", 5, lambda f: f.status.gid),
        "group": _GROUP,
        "label": Column("LABEL", 31, _none, is_right=False),
        "lstart": Column(
            "STARTED", 24, lambda f: moment(f.status.start_ms).strftime("%a %b %e %H:%M:%S %Y")
        ),
        "lwp": Column("LWP", 7, lambda f: f.status.pid),
        "ni": _NICE,
        "nice": _NICE,
        "nlwp": _THREADS,
        "opri": Column("PRI", 3, lambda f: 80),
        "pcpu": _CPU,
        "pgid": Column("PGID", 7, lambda f: f.status.group),
        "pgrp": Column("PGRP", 7, lambda f: f.status.group),
        "pid": _PID,
        "pmem": _MEMORY,
        "ppid": Column("PPID", 7, lambda f: f.status.parent),
        "pri": Column("PRI", 3, lambda f: 19),
        "psr": Column("PSR", 3, lambda f: 0),
        "rgroup": Column("RGROUP", 8, lambda f: f.group, is_right=False, is_cut=True),
        "rss": _RESIDENT,
        "rssize": _RESIDENT,
        "rsz": Column("RSZ", 5, lambda f: f.resident_kib),
        "ruid": Column("RUID", 5, lambda f: f.status.uid),
        "ruser": Column("RUSER", 8, lambda f: f.user, is_right=False, is_cut=True),
        "s": _STATE,
        "sess": Column("SESS", 7, lambda f: f.status.session),
        "sid": _SESSION,
        "spid": Column("SPID", 7, lambda f: f.status.pid),
        "start": Column("STARTED", 8, lambda f: moment(f.status.start_ms).strftime("%H:%M:%S")),
        "stat": Column("STAT", 4, lambda f: f.state, is_right=False),
        "state": _STATE,
        "stime": Column("STIME", 5, lambda f: f.started(), is_right=False),
        "sz": Column("SZ", 5, lambda f: f.virtual_kib // 4),
        "thcount": Column("THCNT", 5, lambda f: f.status.threads),
        "tid": Column("TID", 7, lambda f: f.status.pid),
        "time": _TIME,
        "tname": Column("TTY", 8, lambda f: f.status.terminal, is_right=False),
        "tpgid": Column("TPGID", 7, lambda f: f.status.group if f.status.is_foreground else -1),
        "tt": _TT,
        "tty": _TT,
        "ucmd": Column("CMD", 15, lambda f: f.status.name, is_right=False),
        "ucomm": _NAME,
        "uid": Column("UID", 5, lambda f: f.status.uid),
        "uname": _USER,
        "user": _USER,
        "vsize": Column("VSZ", 6, lambda f: f.virtual_kib),
        "vsz": _VIRTUAL,
        "wchan": Column("WCHAN", 6, _waits_in, is_right=False),
    }
)
#: Columns of the ready-made tables that go by another title than their own.
SPECIAL: Mapping[str, Column] = MappingProxyType(
    {
        "TTY": _TTY,
        "UID": Column("UID", 8, lambda f: f.user, is_right=False, is_cut=True),
        "CMD": COLUMNS["cmd"],
    }
)
