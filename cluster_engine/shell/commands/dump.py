"""xxd, od and hexdump: bytes as numbers."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation


def xxd(invocation: Invocation) -> int:
    """Sixteen bytes a line: offset, pairs, text."""
    files = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    for _, content in invocation.inputs(files[:1]):
        for start in range(0, len(content), 16):
            piece = content[start : start + 16]
            pairs = " ".join(piece[at : at + 2].hex() for at in range(0, len(piece), 2))
            invocation.line(f"{start:08x}: {pairs:<39}  {_text(piece)}")
    return 0


def hexdump(invocation: Invocation) -> int:
    """hexdump -C."""
    files = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    for _, content in invocation.inputs(files[:1]):
        for start in range(0, len(content), 16):
            piece = content[start : start + 16]
            left, right = piece[:8].hex(" "), piece[8:].hex(" ")
            invocation.line(f"{start:08x}  {left:<23}  {right:<23}  |{_text(piece)}|")
        if content:
            invocation.line(f"{len(content):08x}")
    return 0


def od(invocation: Invocation) -> int:
    """od -c, or octal words."""
    words = invocation.arguments[1:]
    is_text = any(word in ("-c", "-tc", "-An") or word.startswith("-c") for word in words)
    files = [word for word in words if not word.startswith("-") and word not in ("c", "x1")]
    names = {0: "\\0", 9: "\\t", 10: "\\n", 13: "\\r", 7: "\\a", 8: "\\b", 11: "\\v", 12: "\\f"}
    for _, content in invocation.inputs(files[:1]):
        for start in range(0, len(content), 16):
            piece = content[start : start + 16]
            if is_text:
                cells = [names.get(b, chr(b) if 32 <= b < 127 else f"{b:03o}") for b in piece]
                invocation.line(f"{start:07o}" + "".join(cell.rjust(4) for cell in cells))
            else:
                pairs = [piece[at : at + 2].ljust(2, b"\0") for at in range(0, len(piece), 2)]
                numbers = " ".join(f"{int.from_bytes(pair, 'little'):06o}" for pair in pairs)
                invocation.line(f"{start:07o} {numbers}")
        invocation.line(f"{len(content):07o}")
    return 0


def _text(piece: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)


COMMANDS = (
    Command("xxd", xxd),
    Command("hexdump", hexdump),
    Command("od", od),
)
