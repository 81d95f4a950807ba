"""Sizes and modes as tools print and take them."""

from __future__ import annotations

from cluster_engine.shell.commands.command import UsageError

_UNITS = "KMGTP"


def human(size: int) -> str:
    """1024-based with one letter: "4.0K", "16G"; plain below 1024."""
    if size < 1024:
        return str(size)
    number, unit = float(size), ""
    for letter in _UNITS:
        number, unit = number / 1024, letter
        if number < 1024:
            break
    # Tools round up, so that a size never looks smaller than it is.
    tenths = -int(-number * 10 // 1)
    return f"{tenths / 10:.1f}{unit}" if tenths < 100 else f"{-int(-number // 1)}{unit}"


def parse_count(text: str, what: str = "number") -> int:
    """A count with an optional unit: "10", "2k", "1M". Raises UsageError."""
    digits = text.rstrip("kKMGTPbB")
    factors = {"": 1, "b": 512, "k": 1024, "K": 1024, "M": 1024**2, "G": 1024**3}
    factor = factors.get(text[len(digits) :].rstrip("B") or "")
    try:
        return int(digits) * (factor or 1)
    except ValueError:
        raise UsageError(f"invalid {what}: '{text}'") from None


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


def parse_mode(text: str, before: int, is_directory: bool) -> int:
    """The mode that `chmod` gives: octal, or clauses like "u+x,go=r". Raises UsageError."""
    if text and all(digit in "01234567" for digit in text):
        return int(text, 8) & 0o7777
    mode = before
    for clause in text.split(","):
        mode = _clause(clause, mode, is_directory, text)
    return mode


def _clause(clause: str, mode: int, is_directory: bool, whole: str) -> int:
    who = ""
    while clause and clause[0] in "ugoa":
        who, clause = who + clause[0], clause[1:]
    if not clause or clause[0] not in "+-=":
        raise UsageError(f"invalid mode: '{whole}'")
    shifts = [shift for letter, shift in (("u", 6), ("g", 3), ("o", 0)) if letter in who]
    if not who or "a" in who:
        shifts = [6, 3, 0]
    while clause:
        operator, clause = clause[0], clause[1:]
        letters = ""
        while clause and clause[0] not in "+-=":
            letters, clause = letters + clause[0], clause[1:]
        bits = 0
        for letter in letters:
            if letter == "X":
                bits |= 1 if is_directory or mode & 0o111 else 0
            elif letter in "rwx":
                bits |= {"r": 4, "w": 2, "x": 1}[letter]
            elif letter not in "st":
                raise UsageError(f"invalid mode: '{whole}'")
        for shift in shifts:
            if operator == "=":
                mode &= ~(7 << shift)
            mode = mode & ~(bits << shift) if operator == "-" else mode | bits << shift
        if "t" in letters:
            mode = mode & ~0o1000 if operator == "-" else mode | 0o1000
    return mode
