"""Sizes and modes as tools print and take them."""

from __future__ import annotations

import re

from cluster_engine.shell.commands.command import UsageError

_UNITS = "KMGTP"
_COUNT = re.compile(r"(\d{1,18})([bkKMGTP]?)(B|iB)?")


def human(size: int, *, is_busybox: bool = False) -> str:
    """1024-based with one letter: "4.0K", "16G"; plain below 1024. BusyBox keeps the tenths."""
    if size < 1024:
        return str(size)
    number, unit = float(size), ""
    for letter in _UNITS:
        number, unit = number / 1024, letter
        if number < 1024:
            break
    if is_busybox:
        return f"{number:.1f}{unit}"
    # Tools round up, so that a size never looks smaller than it is.
    tenths = -int(-number * 10 // 1)
    return f"{tenths / 10:.1f}{unit}" if tenths < 100 else f"{-int(-number // 1)}{unit}"


def parse_count(text: str, what: str = "number") -> int:
    """A count with an optional unit: "10", "2k", "1MB", "3MiB". Raises UsageError."""
    found = _COUNT.fullmatch(text)
    if found is None:
        raise UsageError(
            f"invalid {what} '{text}'" if what == "number" else f"invalid {what}: '{text}'"
        )
    digits, unit, decimal = found.groups()
    if unit == "b":
        return int(digits) * 512
    base = 1000 if decimal == "B" else 1024
    factor: int = base ** " kMGTP".index(unit.replace("K", "k") or " ")
    return int(digits) * factor


def mode_text(kind: str, mode: int) -> str:
    """ "drwxr-xr-x"."""
    letters = {"directory": "d", "symlink": "l", "character": "c", "fifo": "p", "socket": "s"}
    text = letters.get(kind, "-")
    for shift, special, mark in ((6, 0o4000, "s"), (3, 0o2000, "s"), (0, 0o1000, "t")):
        bits = mode >> shift
        text += "r" if bits & 4 else "-"
        text += "w" if bits & 2 else "-"
        if mode & special:
            text += mark if bits & 1 else mark.upper()
        else:
            text += "x" if bits & 1 else "-"
    return text


def parse_mode(text: str, before: int, is_directory: bool, umask: int = 0) -> int:
    """The mode that `chmod` gives: octal, or clauses like "u+x,go=r". Raises UsageError.

    Bits of `umask` are left alone by clauses that do not say whose they are.
    """
    if text and all(digit in "01234567" for digit in text):
        if len(text.lstrip("0")) > 4:
            raise UsageError(f"invalid mode: '{text}'", has_hint=True)
        return int(text, 8)
    mode = before
    for clause in text.split(","):
        mode = _clause(clause, mode, is_directory, text, umask)
    return mode


_SHIFTS = {"u": 6, "g": 3, "o": 0}
_SPECIAL = {"u": 0o4000, "g": 0o2000}


def _clause(clause: str, mode: int, is_directory: bool, whole: str, umask: int) -> int:
    who = ""
    while clause and clause[0] in "ugoa":
        who, clause = who + clause[0], clause[1:]
    if not clause or clause[0] not in "+-=":
        raise UsageError(f"invalid mode: '{whole}'", has_hint=True)
    spared = 0 if who else umask
    who = "ugo" if not who or "a" in who else who
    while clause:
        operator, clause = clause[0], clause[1:]
        letters = ""
        while clause and clause[0] not in "+-=":
            letters, clause = letters + clause[0], clause[1:]
        bits = _bits(letters, who, mode, is_directory, whole) & ~spared
        if operator == "+":
            mode |= bits
        elif operator == "-":
            mode &= ~bits
        else:
            cleared = sum(7 << _SHIFTS[letter] for letter in set(who))
            if not is_directory:
                cleared |= sum(_SPECIAL.get(letter, 0) for letter in set(who))
            mode = (mode & ~(cleared & ~spared)) | bits
    return mode


def _bits(letters: str, who: str, mode: int, is_directory: bool, whole: str) -> int:
    """All bits that a list of permissions stands for."""
    one, bits = 0, 0
    for letter in letters:
        if letter in "rwx":
            one |= {"r": 4, "w": 2, "x": 1}[letter]
        elif letter == "X":
            one |= 1 if is_directory or mode & 0o111 else 0
        elif letter == "s":
            bits |= sum(_SPECIAL.get(each, 0) for each in set(who))
        elif letter == "t":
            bits |= 0o1000
        elif letter in "ugo" and len(letters) == 1:
            one |= mode >> _SHIFTS[letter] & 7
        else:
            raise UsageError(f"invalid mode: '{whole}'", has_hint=True)
    return bits | sum(one << _SHIFTS[each] for each in set(who))
