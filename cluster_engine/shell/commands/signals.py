"""Signal names as kill takes and lists them."""

from __future__ import annotations

NAMES = (
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP "
    "TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
).split()


def signal_number(word: str) -> int | None:
    """The number of "9", "KILL" or "SIGKILL"; None when there is no such signal."""
    if word.isdigit():
        return int(word) if int(word) <= 64 else None
    name = word.upper().removeprefix("SIG")
    return NAMES.index(name) + 1 if name in NAMES else None


def signal_name(number: int) -> str:
    """ "KILL" of 9."""
    return NAMES[number - 1] if 0 < number <= len(NAMES) else str(number)
