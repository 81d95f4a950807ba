"""Times as tools print them; the container's clock is UTC."""

from __future__ import annotations

from datetime import UTC, datetime

_HALF_YEAR_MS = 31_556_952_000 // 2
#: A clock that is a little ahead makes nothing old.
_AHEAD_MS = 15 * 60_000


def moment(time_ms: int) -> datetime:
    """A time as a date."""
    return datetime.fromtimestamp(time_ms / 1000, UTC)


def listing_time(time_ms: int, now_ms: int) -> str:
    """As `ls -l` shows it: with the hour when recent, else with the year."""
    then = moment(time_ms)
    recent = -_AHEAD_MS < now_ms - time_ms < _HALF_YEAR_MS
    return then.strftime("%b %e %H:%M") if recent else then.strftime("%b %e  %Y")


def formatted(then: datetime, template: str) -> str:
    """The time by a template of strftime's, with GNU's %N, %s, %-d and the like."""
    pieces, at = [], 0
    while at < len(template):
        if template[at] != "%" or at + 1 == len(template):
            pieces.append(template[at])
            at += 1
            continue
        at += 1
        flag = template[at] if template[at] in "-_0^#" else ""
        at += len(flag)
        width = ""
        while at < len(template) and template[at].isdigit():
            width, at = width + template[at], at + 1
        letter = template[at : at + 1]
        while letter == ":" and at + 1 < len(template):
            at += 1
            letter += template[at]
        at += 1
        pieces.append(_piece(then, flag, width, letter))
    return "".join(pieces)


def _piece(then: datetime, flag: str, width: str, letter: str) -> str:
    if letter == "N":
        return f"{then.microsecond:06}000"[: int(width or 9)]
    text = _conversion(then, letter)
    if text is None:
        return f"%{flag}{width}{letter}"
    if flag == "-":
        text = text.lstrip("0 ") or "0" if text.strip().isdigit() else text
    elif flag == "_":
        stripped = text.lstrip("0") or "0"
        text = stripped.rjust(len(text))
    elif flag == "0":
        text = text.replace(" ", "0")
    elif flag == "^":
        text = text.upper()
    elif flag == "#":
        text = text.swapcase()
    size = min(int(width or 0), 100)
    return text.rjust(size, "0" if text.isdigit() and flag != "_" else " ")


def _conversion(then: datetime, letter: str) -> str | None:
    special = {
        "s": str(int(then.timestamp())),
        "n": "\n",
        "t": "\t",
        "%": "%",
        "z": "+0000",
        ":z": "+00:00",
        "::z": "+00:00:00",
        "Z": "UTC",
        "k": f"{then.hour:2}",
        "l": f"{(then.hour + 11) % 12 + 1:2}",
        "P": f"{then:%p}".lower(),
        "q": str((then.month + 2) // 3),
        "h": f"{then:%b}",
        "D": f"{then:%m/%d/%y}",
        "F": f"{then:%Y-%m-%d}",
        "T": f"{then:%H:%M:%S}",
        "R": f"{then:%H:%M}",
        "r": f"{then:%I:%M:%S %p}",
        "c": f"{then:%a %b} {then.day:2} {then:%H:%M:%S %Y}",
        "e": f"{then.day:2}",
        "x": f"{then:%m/%d/%y}",
        "X": f"{then:%H:%M:%S}",
        "C": f"{then.year // 100:02}",
    }
    if letter in special:
        return special[letter]
    return then.strftime(f"%{letter}") if letter and letter in "aAbBdgGHIjmMpSuUVwWyY" else None
