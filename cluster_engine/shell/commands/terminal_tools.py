"""tty, stty, clear, reset and tput: the terminal."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation


def tty(invocation: Invocation) -> int:
    """Print the terminal's name."""
    if not invocation.system.is_tty(0):
        invocation.line("not a tty")
        return 1
    invocation.line(invocation.system.descriptor_name(0))
    return 0


def stty(invocation: Invocation) -> int:
    """Show the size, or set raw and echo."""
    system, words = invocation.system, invocation.arguments[1:]
    try:
        columns, rows = system.window_size(0)
        mode = system.terminal_mode(0)
    except Errno:
        invocation.complain("'standard input': Inappropriate ioctl for device")
        return 1
    if words == ["size"]:
        invocation.line(f"{rows} {columns}")
        return 0
    for word in words:
        if word in ("raw", "-icanon", "cbreak"):
            mode.is_canonical = False
        elif word in ("cooked", "-raw", "icanon", "sane"):
            mode.is_canonical = True
        if word in ("echo", "-echo"):
            mode.has_echo = word == "echo"
        if word == "sane":
            mode.has_echo = mode.has_signals = True
    if words and words[0] != "-a":
        system.set_terminal_mode(0, mode)
    else:
        invocation.line(f"speed 38400 baud; rows {rows}; columns {columns}; line = 0;")
        echo = "echo" if mode.has_echo else "-echo"
        invocation.line(f"{'icanon' if mode.is_canonical else '-icanon'} {echo}")
    return 0


def clear(invocation: Invocation) -> int:
    """Empty the screen and its scrollback."""
    invocation.say("\x1b[H\x1b[2J\x1b[3J")
    return 0


def tput(invocation: Invocation) -> int:
    """cols, lines, and little else."""
    words = invocation.arguments[1:]
    columns, rows = invocation.system.window_size(1) if invocation.system.is_tty(1) else (80, 24)
    if words[:1] == ["cols"]:
        invocation.line(str(columns))
    elif words[:1] == ["lines"]:
        invocation.line(str(rows))
    elif words[:1] == ["clear"]:
        invocation.say("\x1b[H\x1b[2J")
    return 0


COMMANDS = (
    Command("tty", tty),
    Command("stty", stty),
    Command("clear", clear),
    Command("reset", clear),
    Command("tput", tput),
)
