"""killall, pkill and pgrep: processes by name."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import ProcessStatus
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.patterns import compile_pattern
from cluster_engine.shell.commands.signals import signal_number

_TERM = 15


def killall(invocation: Invocation) -> int:
    """Signal every process of that very name."""
    number, names = _signal(invocation.arguments[1:])
    if not names:
        raise UsageError("usage: killall [-s signal] name ...")
    code = 0
    for name in names:
        found = [p for p in _others(invocation) if p.name == name]
        if not found:
            invocation.complain(f"{name}: no process found")
            code = 1
        _kill(invocation, found, number)
    return code


def pkill(invocation: Invocation) -> int:
    """Signal every process whose name matches."""
    number, words = _signal(invocation.arguments[1:])
    found = _matching(invocation, words)
    _kill(invocation, found, number)
    return 0 if found else 1


def pgrep(invocation: Invocation) -> int:
    """Print the pids of processes whose name matches."""
    words = invocation.arguments[1:]
    found = _matching(invocation, words)
    if any(word in ("-c", "--count") for word in words):
        invocation.line(str(len(found)))
        return 0 if found else 1
    for process in found:
        if any(word in ("-a", "-fa", "-af") for word in words):
            invocation.line(f"{process.pid} {' '.join(process.arguments)}")
        elif any(word in ("-l", "-fl", "-lf") for word in words):
            invocation.line(f"{process.pid} {process.name}")
        else:
            invocation.line(str(process.pid))
    return 0 if found else 1


def _others(invocation: Invocation) -> list[ProcessStatus]:
    own = invocation.system.pid
    return [p for p in invocation.system.processes() if p.pid != own and p.state != "Z"]


def _matching(invocation: Invocation, words: list[str]) -> list[ProcessStatus]:
    patterns = [word for word in words if not word.startswith("-")]
    flags = "".join(word[1:] for word in words if word.startswith("-"))
    if not patterns:
        raise UsageError(
            "no matching criteria specified\nTry `pgrep --help' for more information.", 2
        )
    pattern = compile_pattern(patterns[-1], is_extended=True)

    def is_match(process: ProcessStatus) -> bool:
        text = " ".join(process.arguments) if "f" in flags else process.name
        return bool(pattern.fullmatch(text) if "x" in flags else pattern.search(text))

    return [process for process in _others(invocation) if is_match(process)]


def _signal(words: list[str]) -> tuple[int, list[str]]:
    number, rest = _TERM, []
    for word in words:
        found = signal_number(word[1:]) if word.startswith("-") else None
        if found is not None:
            number = found
        else:
            rest.append(word)
    return number, rest


def _kill(invocation: Invocation, processes: list[ProcessStatus], number: int) -> None:
    for process in processes:
        try:
            invocation.system.kill(process.pid, number)
        except Errno as error:
            invocation.complain(f"killing pid {process.pid} failed: {error.text}")


KILLALL = Command("killall", killall)
PKILL = Command("pkill", pkill)
PGREP = Command("pgrep", pgrep)
