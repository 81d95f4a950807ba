"""Every command that a container can have, and the program that runs it.

`COMMANDS` are functions on their input; `PROGRAMS` maps each name that an executable in an image
may carry to what makes its program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from cluster_engine.runtime.program import Program
from cluster_engine.shell.commands import (
    base64,
    basename,
    chmod,
    chown,
    comm,
    cp,
    curl,
    date,
    df,
    diff,
    dig,
    du,
    dump,
    echo,
    expr,
    false,
    free,
    gzip,
    hostname,
    id,
    ip,
    kill,
    killall,
    lines,
    ln,
    ls,
    mkdir,
    mktemp,
    mount,
    mv,
    nslookup,
    numbers,
    od,
    packages,
    pgrep,
    printenv,
    printf,
    ps,
    ps_busybox,
    pwd,
    readlink,
    rm,
    sort,
    split,
    stat,
    sums,
    terminal_tools,
    test,
    touch,
    tree,
    true,
    uname,
    uptime,
    wget,
    which,
)
from cluster_engine.shell.commands.awk.program import Awk
from cluster_engine.shell.commands.cat import Cat
from cluster_engine.shell.commands.command import Command, Filter
from cluster_engine.shell.commands.cut import Cut
from cluster_engine.shell.commands.dd import Dd
from cluster_engine.shell.commands.env import Env
from cluster_engine.shell.commands.find.program import Find
from cluster_engine.shell.commands.grep import Grep
from cluster_engine.shell.commands.head import Head
from cluster_engine.shell.commands.less import Less
from cluster_engine.shell.commands.lines import Expand, Fold, Nl, Rev
from cluster_engine.shell.commands.nc import Nc, Telnet
from cluster_engine.shell.commands.nohup import Nice, Nohup, Setsid
from cluster_engine.shell.commands.ping import Ping
from cluster_engine.shell.commands.redis_cli.program import RedisCli
from cluster_engine.shell.commands.sed.program import Sed
from cluster_engine.shell.commands.seq import Seq
from cluster_engine.shell.commands.sleep import Sleep
from cluster_engine.shell.commands.tail import Tail
from cluster_engine.shell.commands.tar.program import Tar
from cluster_engine.shell.commands.tee import Tee
from cluster_engine.shell.commands.timeout import Timeout
from cluster_engine.shell.commands.tr import Tr
from cluster_engine.shell.commands.uniq import Uniq
from cluster_engine.shell.commands.vi.program import Vi
from cluster_engine.shell.commands.watch import Watch
from cluster_engine.shell.commands.wc import Wc
from cluster_engine.shell.commands.xargs import Xargs
from cluster_engine.shell.commands.yes import Yes

COMMANDS: tuple[Command, ...] = (
    base64.COMMAND,
    base64.BASE32,
    basename.COMMAND,
    basename.DIRNAME,
    chmod.COMMAND,
    chown.COMMAND,
    comm.COMMAND,
    comm.JOIN,
    cp.COMMAND,
    curl.COMMAND,
    date.COMMAND,
    df.COMMAND,
    diff.COMMAND,
    dig.COMMAND,
    diff.CMP,
    du.COMMAND,
    *dump.COMMANDS,
    echo.COMMAND,
    expr.COMMAND,
    false.COMMAND,
    free.COMMAND,
    gzip.COMMAND,
    hostname.COMMAND,
    id.COMMAND,
    id.WHOAMI,
    id.GROUPS,
    id.LOGNAME,
    ip.COMMAND,
    ip.IFCONFIG,
    ip.SS,
    ip.NETSTAT,
    kill.COMMAND,
    killall.KILLALL,
    killall.PIDOF,
    *lines.COMMANDS,
    ln.COMMAND,
    ls.COMMAND,
    mkdir.COMMAND,
    mkdir.RMDIR,
    mktemp.COMMAND,
    mount.COMMAND,
    mount.UMOUNT,
    mv.COMMAND,
    numbers.FACTOR,
    numbers.TSORT,
    od.COMMAND,
    nslookup.COMMAND,
    nslookup.HOST,
    nslookup.GETENT,
    *packages.COMMANDS,
    pgrep.PGREP,
    pgrep.PKILL,
    printenv.COMMAND,
    printf.COMMAND,
    ps.COMMAND,
    pwd.COMMAND,
    readlink.COMMAND,
    rm.COMMAND,
    sort.COMMAND,
    split.COMMAND,
    stat.COMMAND,
    *sums.COMMANDS,
    *terminal_tools.COMMANDS,
    test.COMMAND,
    touch.COMMAND,
    touch.TRUNCATE,
    tree.COMMAND,
    true.COMMAND,
    *uname.COMMANDS,
    uptime.COMMAND,
    wget.COMMAND,
    which.COMMAND,
)

#: Other names of a command; each still knows what it was called.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "[": "test",
        "chgrp": "chown",
        "dir": "ls",
        "egrep": "grep",
        "fgrep": "grep",
        "gunzip": "gzip",
        "uncompress": "gzip",
        "zcat": "gzip",
        "realpath": "readlink",
        "unexpand": "expand",
    }
)

_LONG_RUNNING: Mapping[str, Callable[[list[str]], Program]] = MappingProxyType(
    {
        "less": Less,
        "more": Less,
        "redis-cli": RedisCli,
        "watch": Watch,
        "yes": Yes,
    }
)
#: Those that speak BusyBox' words as well.
_BILINGUAL: Mapping[str, Callable[..., Program]] = MappingProxyType(
    {
        "awk": Awk,
        "cat": Cat,
        "cut": Cut,
        "dd": Dd,
        "env": Env,
        "expand": Expand,
        "find": Find,
        "fold": Fold,
        "grep": Grep,
        "head": Head,
        "nc": Nc,
        "netcat": Nc,
        "nice": Nice,
        "nl": Nl,
        "nohup": Nohup,
        "ping": Ping,
        "rev": Rev,
        "sed": Sed,
        "seq": Seq,
        "setsid": Setsid,
        "sleep": Sleep,
        "tail": Tail,
        "tar": Tar,
        "tee": Tee,
        "telnet": Telnet,
        "timeout": Timeout,
        "tr": Tr,
        "uniq": Uniq,
        "vi": Vi,
        "wc": Wc,
        "xargs": Xargs,
    }
)


def _programs() -> dict[str, Callable[[list[str]], Program]]:
    programs: dict[str, Callable[[list[str]], Program]] = {}
    programs.update(_LONG_RUNNING)
    for name, program in _BILINGUAL.items():
        programs[name] = program
        programs[f"busybox-{name}"] = partial(program, is_busybox=True)
    for command in COMMANDS:
        programs[command.name] = partial(Filter, command)
        programs[f"busybox-{command.name}"] = partial(Filter, command, is_busybox=True)
    for alias, name in ALIASES.items():
        programs[alias] = programs[name]
        if f"busybox-{name}" in programs:
            programs[f"busybox-{alias}"] = programs[f"busybox-{name}"]
    programs["busybox-ps"] = partial(Filter, ps_busybox.BUSYBOX, is_busybox=True)
    return programs


#: What makes the program of each executable's name; "busybox-…" that of BusyBox' applet.
PROGRAMS: Mapping[str, Callable[[list[str]], Program]] = MappingProxyType(_programs())
