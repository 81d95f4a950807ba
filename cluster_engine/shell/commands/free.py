"""free: the memory of the node, as /proc/meminfo tells it."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import Options, parse

_KIB = 1024
_LONG = {
    "human": "h",
    "bytes": "b",
    "kilo": "k",
    "kibi": "k",
    "mega": "m",
    "mebi": "m",
    "giga": "g",
    "gibi": "g",
    "total": "t",
    "wide": "w",
}


def memory(invocation: Invocation) -> dict[str, int]:
    """The rows of /proc/meminfo in bytes."""
    rows = {}
    for line in invocation.system.read_file("/proc/meminfo").decode().splitlines():
        name, _, rest = line.partition(":")
        rows[name] = int(rest.split()[0]) * _KIB
    return rows


def run(invocation: Invocation) -> int:
    """Print total, used and free memory."""
    options, _ = parse(invocation, "hmgbkwt", "sc", _LONG)
    rows = memory(invocation)
    cached = rows["Buffers"] + rows["Cached"]
    used = max(rows["MemTotal"] - rows["MemAvailable"], 0)
    head = "total        used        free      shared  buff/cache   available"
    numbers = (
        rows["MemTotal"],
        used,
        rows["MemFree"],
        rows["Shmem"],
        cached,
        rows["MemAvailable"],
    )
    width = 12 if not invocation.is_busybox else 11
    shown = [_amount(number, options, invocation.is_busybox) for number in numbers]
    swap = [_amount(0, options, invocation.is_busybox) for _ in range(3)]
    if invocation.is_busybox:
        invocation.line(f"              {head}")
        invocation.line("Mem:   " + "".join(text.rjust(width) + " " for text in shown).rstrip())
        invocation.line("Swap:  " + "".join(text.rjust(width) + " " for text in swap).rstrip())
        return 0
    invocation.line(f"               {head}")
    invocation.line("Mem:    " + "".join(text.rjust(width) for text in shown))
    invocation.line("Swap:   " + "".join(text.rjust(width) for text in swap))
    if "t" in options:
        totals = [_amount(number, options, False) for number in numbers[:3]]
        invocation.line("Total:  " + "".join(text.rjust(width) for text in totals))
    return 0


def _amount(number: int, options: Options, is_busybox: bool) -> str:
    unit = options.last("bkmgh")
    if unit == "h":
        return _human(number, is_busybox)
    factor = {"b": 1, "m": _KIB**2, "g": _KIB**3}.get(unit, _KIB)
    return str(number // factor)


def _human(number: int, is_busybox: bool) -> str:
    value = float(number)
    if is_busybox:
        if not number:
            return "0"
        for unit in "BKMG":
            if value < 1024 or unit == "G":
                return f"{value:.1f}{unit}"
            value /= 1024
    for unit in ("B", "Ki", "Mi", "Gi"):
        if value < 1024 or unit == "Gi":
            return f"{value:.1f}{unit}" if 0 < value < 10 and unit != "B" else f"{value:.0f}{unit}"
        value /= 1024
    return str(number)


COMMAND = Command("free", run)
