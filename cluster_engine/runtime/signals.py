"""Signals: their numbers, names and what they do by default.

Models: signal(7) of Linux on x86-64.
"""

from __future__ import annotations

SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE = 1, 2, 3, 4, 5, 6, 7, 8
SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGSTKFLT = range(9, 17)
SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGXCPU = range(17, 25)
SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO, SIGPWR, SIGSYS = range(25, 32)
SIGNAL_MAX = 64

_NAMES = (
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT "
    "CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
)
#: Number to name without "SIG".
NAMES: dict[int, str] = dict(enumerate(_NAMES.split(), start=1))
NUMBERS: dict[str, int] = {name: number for number, name in NAMES.items()}

#: Nothing happens by default.
IGNORED = frozenset({SIGCHLD, SIGCONT, SIGURG, SIGWINCH})
#: The process stops by default.
STOPPING = frozenset({SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU})

#: What a shell prints when a child was ended by it.
DESCRIPTIONS: dict[int, str] = {
    SIGHUP: "Hangup",
    SIGINT: "",
    SIGQUIT: "Quit",
    SIGILL: "Illegal instruction",
    SIGTRAP: "Trace/breakpoint trap",
    SIGABRT: "Aborted",
    SIGBUS: "Bus error",
    SIGFPE: "Floating point exception",
    SIGKILL: "Killed",
    SIGUSR1: "User defined signal 1",
    SIGSEGV: "Segmentation fault",
    SIGUSR2: "User defined signal 2",
    SIGPIPE: "",
    SIGALRM: "Alarm clock",
    SIGTERM: "Terminated",
}


def number_of(word: str) -> int | None:
    """The number of `9`, `KILL`, `SIGKILL` or `sigkill`; None when there is no such signal."""
    if word.isdecimal():
        number = int(word)
        return number if number <= SIGNAL_MAX else None
    return NUMBERS.get(word.upper().removeprefix("SIG"))
