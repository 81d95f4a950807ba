"""xxd, hexdump and strings: bytes as numbers and letters."""

from __future__ import annotations

import re

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import parse_count

_BYTES_MAX = 4 * 1024 * 1024
_ROW = 16


def _window(content: bytes, options: Options, skip: str, length: str) -> tuple[bytes, int]:
    """The part wanted, and where it begins."""
    start = _amount(options.get(skip, "0"))
    end = start + _amount(options[length]) if length in options else len(content)
    return content[start:end][:_BYTES_MAX], start


def _amount(text: str) -> int:
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,12}", text):
        return int(text, 16)
    return parse_count(text)


def xxd(invocation: Invocation) -> int:
    """Sixteen bytes a line: offset, pairs, text; -p only the digits, -r backwards."""
    options, files = parse(invocation, "pruibe", "lscgo")
    found = invocation.inputs(files[:1])
    if not found:
        return 2
    if "r" in options:
        invocation.say(_backwards(found[0][1].decode("ascii", "replace"), "p" in options))
        return 0
    content, start = _window(found[0][1], options, "s", "l")
    if "p" in options:
        width = (options.count("c", 30) or len(content)) if content else 1
        for at in range(0, len(content), width):
            invocation.line(content[at : at + width].hex())
        return 0
    width = min(options.count("c", 6 if "b" in options else _ROW) or _ROW, 256)
    group = options.count("g", 1 if "b" in options else 2) or width
    for at in range(0, len(content), width):
        piece = content[at : at + width]
        cells = [f"{byte:08b}" if "b" in options else f"{byte:02x}" for byte in piece]
        text = " ".join("".join(cells[n : n + group]) for n in range(0, len(cells), group))
        size = width * len(cells[0]) + (width - 1) // group
        text = text.upper() if "u" in options else text
        invocation.line(f"{start + at:08x}: {text:<{size}}  {visible(piece)}")
    return 0


def _backwards(text: str, is_plain: bool) -> bytes:
    if is_plain:
        digits = re.sub(r"[^0-9a-fA-F]", "", text)
        return bytes.fromhex(digits[: len(digits) // 2 * 2])
    result = bytearray()
    for line in text.split("\n"):
        head, colon, rest = line.partition(":")
        if not colon or not re.fullmatch(r"[0-9a-fA-F]+", head.strip()):
            continue
        digits = re.sub(r"[^0-9a-fA-F]", "", rest.lstrip(" ").partition("  ")[0])
        place = int(head, 16)
        if place > _BYTES_MAX:
            raise UsageError("sorry, cannot seek that far", 5)
        result = result.ljust(place, b"\0")[:place] + bytes.fromhex(digits[: len(digits) // 2 * 2])
    return bytes(result)


def hexdump(invocation: Invocation) -> int:
    """Words of two bytes; -C bytes and text, -c characters."""
    options, files = parse(invocation, "CcbdoxvX", "nse", {"canonical": "C", "no-squeezing": "v"})
    found = invocation.inputs(files)
    if not found:
        return 1
    whole = b"".join(content for _, content in found)
    content, start = _window(whole, options, "s", "n")
    kind = options.last("Ccbdox") or "x"
    before = b""
    is_skipping = False
    for at in range(0, len(content), _ROW):
        piece = content[at : at + _ROW]
        if piece == before and len(piece) == _ROW and "v" not in options:
            if not is_skipping:
                invocation.line("*")
            is_skipping = True
            continue
        before, is_skipping = piece, False
        invocation.line(_dumped(piece, start + at, kind))
    if content:
        invocation.line(f"{start + len(content):0{8 if kind == 'C' else 7}x}")
    return 0


def _dumped(piece: bytes, place: int, kind: str) -> str:
    if kind == "C":
        left, right = piece[:8].hex(" "), piece[8:].hex(" ")
        return f"{place:08x}  {left:<23}  {right:<23}  |{visible(piece)}|"
    if kind in "cb":
        cells = [letter_of(byte) if kind == "c" else f"{byte:03o}" for byte in piece]
        return (f"{place:07x}" + "".join(cell.rjust(4) for cell in cells)).ljust(7 + 4 * _ROW)
    pairs = [
        int.from_bytes(piece[at : at + 2].ljust(2, b"\0"), "little")
        for at in range(0, len(piece), 2)
    ]
    formats = {"x": " {:04x}", "d": "   {:05}", "o": "  {:06o}"}
    width = 7 + len(formats[kind].format(0)) * (_ROW // 2)
    return (f"{place:07x}" + "".join(formats[kind].format(pair) for pair in pairs)).ljust(width)


def strings(invocation: Invocation) -> int:
    """Print runs of printable characters."""
    words = invocation.arguments
    invocation.arguments = [
        f"-n{word[1:]}" if word[:1] == "-" and word[1:].isdigit() else word for word in words
    ]
    options, files = parse(invocation, "afwo", "nteT", {"bytes": "n", "all": "a", "radix": "t"})
    least = options.count("n", 4, "invalid minimum string length {}")
    if not least:
        raise UsageError("minimum string length is too small: 0")
    code = 0
    for name in files or ["-"]:
        found = invocation.inputs([name])
        if not found:
            code = 1
            continue
        for match in re.finditer(rb"[\x20-\x7e\t]{%d,}" % least, found[0][1]):
            place = _place(match.start(), options)
            prefix = f"{name}: " if "f" in options else ""
            invocation.line(f"{prefix}{place}{match[0].decode()}")
    return code


def _place(at: int, options: Options) -> str:
    radix = "o" if "o" in options else options.get("t", "")
    return f"{at:7{radix}} " if radix in ("d", "o", "x") else ""


def visible(piece: bytes) -> str:
    """Printable characters, and dots for the rest."""
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)


def letter_of(byte: int) -> str:
    """A byte as -c shows it: itself, an escape, or three octal digits."""
    names = {0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
    if byte in names:
        return names[byte]
    return chr(byte) if 32 <= byte < 127 else f"{byte:03o}"


COMMANDS = (Command("xxd", xxd), Command("hexdump", hexdump), Command("strings", strings))
