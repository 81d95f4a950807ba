"""od: bytes as numbers, one form after the other."""

from __future__ import annotations

import re

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.dump import letter_of
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sizes import parse_count

_BYTES_MAX = 4 * 1024 * 1024
#: Old letters and the types they stand for.
_OLD = {
    "b": "o1",
    "c": "c",
    "d": "u2",
    "o": "o2",
    "s": "d2",
    "x": "x2",
    "a": "a",
    "i": "d4",
    "l": "d8",
    "h": "x2",
    "B": "o2",
}
_LONG = {
    "format": "t",
    "address-radix": "A",
    "read-bytes": "N",
    "skip-bytes": "j",
    "width": "w?",
    "output-duplicates": "v",
}
_TYPE = re.compile(r"([acdoux])([1248CSIL]?)(z?)")
_SIZES = {"C": 1, "S": 2, "I": 4, "L": 8, "": 4}
#: Digits of each type by size.
_WIDTHS = {
    ("o", 1): 3,
    ("o", 2): 6,
    ("o", 4): 11,
    ("o", 8): 22,
    ("x", 1): 2,
    ("x", 2): 4,
    ("x", 4): 8,
    ("x", 8): 16,
    ("u", 1): 3,
    ("u", 2): 5,
    ("u", 4): 10,
    ("u", 8): 20,
    ("d", 1): 4,
    ("d", 2): 6,
    ("d", 4): 11,
    ("d", 8): 20,
}
_NAMES = (
    "nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can "
    "em sub esc fs gs rs us sp"
).split()


def run(invocation: Invocation) -> int:
    """Print the bytes of all files in each form wanted."""
    options, files = parse(invocation, "bcdosxailhBv", "tANj", _LONG, optional="w")
    forms: list[tuple[str, int]] = []
    for letter, value in options.given:
        if letter == "t":
            forms += _forms(value)
        elif letter in _OLD:
            forms += _forms(_OLD[letter])
    found = invocation.inputs(files)
    content = b"".join(piece for _, piece in found)
    start = parse_count(options.get("j", "0"))
    if start > len(content):
        raise UsageError("cannot skip past end of combined input")
    end = start + parse_count(options["N"]) if "N" in options else len(content)
    content = content[start:end][:_BYTES_MAX]
    width = int(options["w"] or 32) if options.get("w", "x").isdecimal() else 16
    width = min(max(width, 1), 256)
    _print(invocation, content, start, forms or [("o", 2)], width, options.get("A", "o"))
    return 0 if len(found) == len(files or ["-"]) else 1


def _forms(text: str) -> list[tuple[str, int]]:
    forms, at = [], 0
    while at < len(text):
        found = _TYPE.match(text, at)
        if found is None:
            raise UsageError(f"invalid character '{text[at]}' in type string '{text}'")
        size = int(found[2]) if found[2].isdigit() else _SIZES[found[2]]
        forms.append((found[1], 1 if found[1] in "ac" else size))
        at = found.end()
    return forms


def _print(
    invocation: Invocation,
    content: bytes,
    start: int,
    forms: list[tuple[str, int]],
    width: int,
    radix: str,
) -> None:
    before: bytes | None = None
    is_skipping = False
    cells = {form: _WIDTHS.get(form, 3) + 1 for form in forms}
    per_byte = max(-(-cell // size) for (_, size), cell in cells.items())
    for at in range(0, len(content), width):
        piece = content[at : at + width]
        if piece == before and len(piece) == width and "v" not in radix:
            if not is_skipping:
                invocation.line("*")
            is_skipping = True
            continue
        before, is_skipping = piece, False
        for number, (kind, size) in enumerate(forms):
            place = _place(start + at, radix)
            head = place if number == 0 else " " * len(place)
            room = cells[(kind, size)] if len(forms) == 1 else per_byte * size
            invocation.line(head + "".join(_row(piece, kind, size, room)))
    if radix != "n":
        invocation.line(_place(start + len(content), radix))


def _place(place: int, radix: str) -> str:
    letter = {"d": "d", "x": "x", "o": "o"}.get(radix)
    if radix == "n":
        return ""
    if letter is None:
        raise UsageError(
            f"invalid output address radix '{radix}'; it must be one character from [doxn]"
        )
    return f"{place:0{6 if letter == 'x' else 7}{letter}}"


def _row(piece: bytes, kind: str, size: int, room: int) -> list[str]:
    cells = []
    for at in range(0, len(piece), size):
        if kind == "c":
            text = letter_of(piece[at])
        elif kind == "a":
            byte = piece[at] & 0x7F
            text = _NAMES[byte] if byte < len(_NAMES) else "del" if byte == 127 else chr(byte)
        else:
            word = piece[at : at + size].ljust(size, b"\0")
            number = int.from_bytes(word, "little", signed=kind == "d")
            digits = _WIDTHS[(kind, size)]
            text = str(number) if kind in "du" else f"{number:0{digits}{kind}}"
        cells.append(text.rjust(room))
    return cells


COMMAND = Command("od", run)
