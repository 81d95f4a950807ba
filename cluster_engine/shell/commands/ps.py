"""ps: the processes of the container."""

from __future__ import annotations

from cluster_engine.runtime.system import ProcessStatus
from cluster_engine.shell.commands.accounts import user_name
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.moments import moment

_TOTAL_BYTES = 16 * 1024**3


def run(invocation: Invocation) -> int:
    """Print a table; which one depends on the options (`aux`, `-ef`, `-o …`)."""
    words = invocation.arguments[1:]
    processes = invocation.system.processes()
    if "-o" in words:
        position = words.index("-o")
        if position + 1 == len(words):
            raise UsageError("option requires an argument: o")
        columns = words[position + 1].split(",")
        own = not any(word in ("-e", "-A", "ax", "aux", "-ef") for word in words)
        _columns(invocation, _mine(invocation) if own else processes, columns)
        return 0
    letters = "".join(word.lstrip("-") for word in words)
    if "u" in letters and ("a" in letters or "x" in letters):
        _user_table(invocation, processes)
    elif "f" in letters:
        _full_table(
            invocation, processes if "e" in letters or "A" in letters else _mine(invocation)
        )
    else:
        everyone = any(letter in letters for letter in "eAax")
        _short_table(invocation, processes if everyone else _mine(invocation))
    return 0


def busybox(invocation: Invocation) -> int:
    """BusyBox has one table, and shows every process in it."""
    system = invocation.system
    invocation.line("PID   USER     TIME  COMMAND")
    for process in system.processes():
        user = user_name(system, process.uid)[:8]
        minutes, seconds = divmod(process.cpu_ms // 1000, 60)
        command = _command(process) if process.arguments else ""
        invocation.line(f"{process.pid:5} {user:<8} {minutes:3}:{seconds:02} {command}")
    return 0


def _mine(invocation: Invocation) -> list[ProcessStatus]:
    """Those on the caller's terminal."""
    processes = invocation.system.processes()
    own = next((p for p in processes if p.pid == invocation.system.pid), None)
    terminal = own.terminal if own is not None else "?"
    return [process for process in processes if process.terminal == terminal]


def _command(process: ProcessStatus) -> str:
    text = " ".join(process.arguments)
    return f"[{process.name}] <defunct>" if process.state == "Z" else text


def _time(process: ProcessStatus) -> str:
    seconds = process.cpu_ms // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _state(process: ProcessStatus) -> str:
    leader = "s" if process.session == process.pid else ""
    threads = "l" if process.threads > 1 else ""
    return process.state + leader + threads + ("+" if process.is_foreground else "")


def _percent(invocation: Invocation, process: ProcessStatus) -> float:
    lived = max(invocation.system.now_ms - process.start_ms, 1)
    return min(100 * process.cpu_ms / lived, 99.9)


def _user_table(invocation: Invocation, processes: list[ProcessStatus]) -> None:
    system = invocation.system
    heading = "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"
    invocation.line(heading)
    for process in processes:
        resident = process.memory_bytes // 1024
        memory = 100 * process.memory_bytes / _TOTAL_BYTES
        start = moment(process.start_ms).strftime("%H:%M")
        minutes, seconds = divmod(process.cpu_ms // 1000, 60)
        invocation.line(
            f"{user_name(system, process.uid):<8} {process.pid:7} "
            f"{_percent(invocation, process):4.1f} {memory:4.1f} {resident * 3:6} {resident:5} "
            f"{process.terminal:<8} {_state(process):<4} {start} {minutes:3}:{seconds:02} "
            f"{_command(process)}"
        )


def _full_table(invocation: Invocation, processes: list[ProcessStatus]) -> None:
    system = invocation.system
    invocation.line("UID          PID    PPID  C STIME TTY          TIME CMD")
    for process in processes:
        start = moment(process.start_ms).strftime("%H:%M")
        invocation.line(
            f"{user_name(system, process.uid):<8} {process.pid:7} {process.parent:7}  0 {start} "
            f"{process.terminal:<8} {_time(process)} {_command(process)}"
        )


def _short_table(invocation: Invocation, processes: list[ProcessStatus]) -> None:
    invocation.line("    PID TTY          TIME CMD")
    for process in processes:
        name = process.name + (" <defunct>" if process.state == "Z" else "")
        invocation.line(f"{process.pid:7} {process.terminal:<8} {_time(process)} {name}")


def _columns(invocation: Invocation, processes: list[ProcessStatus], columns: list[str]) -> None:
    system = invocation.system
    rows = [[column.partition("=")[2] or column.upper() for column in columns]]
    rows[0] = [
        "COMMAND" if c in ("cmd", "args", "comm") else title
        for c, title in zip(columns, rows[0], strict=True)
    ]
    for process in processes:
        facts = {
            "pid": str(process.pid),
            "ppid": str(process.parent),
            "pgid": str(process.group),
            "user": user_name(system, process.uid),
            "uid": str(process.uid),
            "stat": _state(process),
            "state": process.state,
            "tty": process.terminal,
            "time": _time(process),
            "comm": process.name,
            "cmd": _command(process),
            "args": _command(process),
            "command": _command(process),
            "rss": str(process.memory_bytes // 1024),
            "vsz": str(process.memory_bytes // 1024 * 3),
            "%cpu": f"{_percent(invocation, process):.1f}",
            "pcpu": f"{_percent(invocation, process):.1f}",
        }
        unknown = [column for column in columns if column.partition("=")[0] not in facts]
        if unknown:
            raise UsageError(f'error: unknown user-defined format specifier "{unknown[0]}"')
        rows.append([facts[column.partition("=")[0]] for column in columns])
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    for row in rows:
        cells = [
            cell.rjust(width)
            if cell.replace(".", "").isdigit() or title in ("PID", "PPID", "RSS", "VSZ")
            else cell.ljust(width)
            for cell, width, title in zip(row, widths, rows[0], strict=True)
        ]
        invocation.line(" ".join(cells).rstrip())


COMMAND = Command("ps", run)
BUSYBOX = Command("ps", busybox)
