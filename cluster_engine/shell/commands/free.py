"""free: the memory of the node."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse

_KIB = 1024
_TOTAL = 16 * 1024**3


def run(invocation: Invocation) -> int:
    """Print total, used and free memory."""
    long = {"human": "h", "mega": "m", "giga": "g", "bytes": "b", "kibi": "k"}
    options, _ = parse(invocation, "hmgbkwt", "s", long)
    used = sum(process.memory_bytes for process in invocation.system.processes()) + 900 * 1024**2
    cached = 2 * 1024**3
    free = _TOTAL - used - cached
    invocation.line(
        "               total        used        free      shared  buff/cache   available"
    )
    numbers = (_TOTAL, used, free, 2 * 1024**2, cached, free + cached)
    shown = [_amount(number, options) for number in numbers]
    invocation.line("Mem:    " + "".join(text.rjust(12) for text in shown))
    invocation.line("Swap:   " + "".join(_amount(0, options).rjust(12) for _ in range(3)))
    return 0


def _amount(number: int, options: dict[str, str]) -> str:
    if "h" in options:
        value = float(number)
        for unit in ("B", "Ki", "Mi", "Gi"):
            if value < 1024 or unit == "Gi":
                return f"{value:.1f}{unit}" if value < 10 and value else f"{value:.0f}{unit}"
            value /= 1024
    for letter, factor in (("b", 1), ("m", _KIB**2), ("g", _KIB**3)):
        if letter in options:
            return str(number // factor)
    return str(number // _KIB)


COMMAND = Command("free", run)
