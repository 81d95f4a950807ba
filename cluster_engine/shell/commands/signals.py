"""Signal names as kill takes and lists them."""

from __future__ import annotations

NAMES = (
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP "
    "TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS"
).split()
_SYNONYMS = {"IO": 29, "IOT": 6, "CLD": 17, "EXIT": 0}
_REAL_TIME = [
    "RTMIN",
    *(f"RTMIN+{number}" for number in range(1, 16)),
    *(f"RTMAX-{number}" for number in range(14, 0, -1)),
    "RTMAX",
]
_STATUS_MAX = 128 + 64


def signal_number(word: str) -> int | None:
    """The number of "9", "KILL", "SIGKILL" or an exit status; None: there is no such signal."""
    if word.isdecimal():
        return int(word) if len(word) < 4 and int(word) <= _STATUS_MAX else None
    name = word.upper().removeprefix("SIG")
    return NAMES.index(name) + 1 if name in NAMES else _SYNONYMS.get(name)


def signal_name(number: int) -> str:
    """ "KILL" of 9."""
    return NAMES[number - 1] if 0 < number <= len(NAMES) else str(number)


def wrapped_list() -> str:
    """All names, as procps and psmisc list them."""
    return "\n".join((" ".join(NAMES[:16]), " ".join(NAMES[16:]), ""))


def numbered_list() -> str:
    """All names, one a line."""
    return "".join(f"{number:2}) {name}\n" for number, name in enumerate(NAMES, 1))


def names_table() -> str:
    """All names, seven a line."""
    cells = [f"{number:2} {name:<8}" for number, name in enumerate(NAMES, 1)]
    rows = ["".join(cells[at : at + 7]) for at in range(0, len(cells), 7)]
    return "".join(f"{row if row.startswith('29') else row.rstrip()}\n" for row in rows)


def big_table() -> str:
    """All names, five a line, as bash lists them."""
    cells = [f"{number:2}) SIG{name}" for number, name in enumerate(NAMES, 1)]
    cells += [f"{number:2}) SIG{name}" for number, name in enumerate(_REAL_TIME, 34)]
    rows = ["\t".join(cells[at : at + 5]) for at in range(0, len(cells), 5)]
    return "".join(f"{row}\t\n" if row == rows[-1] else f"{row}\n" for row in rows)


def plain_list() -> str:
    """All names, one a line, as dash lists them."""
    return "".join(f"{name}\n" for name in ["0", *NAMES])
