"""split: a file in pieces."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import parse_count

_PIECES_MAX = 676
_LONG = {
    "lines": "l",
    "bytes": "b",
    "number": "n",
    "suffix-length": "a",
    "numeric-suffixes": "d?",
    "additional-suffix": "additional-suffix=",
    "verbose": "verbose",
}


def run(invocation: Invocation) -> int:
    """Write pieces of -l lines, -b bytes or -n of them as xaa, xab, …"""
    options, operands = parse(invocation, "d", "lban", _LONG)
    source = operands[0] if operands else "-"
    prefix = operands[1] if len(operands) > 1 else "x"
    content = invocation.stdin if source == "-" else _read(invocation, source)
    pieces = _pieces(content, options)
    width = options.count("a", 2, "invalid suffix length: '{}'") or 2
    for number, piece in enumerate(pieces):
        suffix = _suffix(number, width, "d" in options)
        if suffix is None or number >= _PIECES_MAX:
            raise UsageError("output file suffixes exhausted")
        name = prefix + suffix + options.get("additional-suffix", "")
        invocation.system.write_file(name, piece)
        if "verbose" in options:
            invocation.line(f"creating file '{name}'")
    return 0


def _read(invocation: Invocation, source: str) -> bytes:
    try:
        return invocation.system.read_file(source)
    except Errno as error:
        text = f"cannot open '{source}' for reading: {error.text}"
        raise UsageError(text) from None


def _pieces(content: bytes, options: Options) -> list[bytes]:
    kind = options.last("bln")
    if kind == "b":
        size = max(parse_count(options["b"], "number of bytes"), 1)
        return [content[at : at + size] for at in range(0, len(content), size)]
    if kind == "n":
        count = max(parse_count(options["n"], "number of chunks"), 1)
        size = len(content) // count
        ends = [size * number for number in range(1, count)] + [len(content)]
        return [content[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    size = max(parse_count(options.get("l", "1000"), "number of lines"), 1)
    lines = content.split(b"\n")
    ended = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    return [b"".join(ended[at : at + size]) for at in range(0, len(ended), size)]


def _suffix(number: int, width: int, is_numeric: bool) -> str | None:
    base, first = (10, "0") if is_numeric else (26, "a")
    letters = ""
    for _ in range(width):
        number, digit = divmod(number, base)
        letters = chr(ord(first) + digit) + letters
    return None if number else letters


COMMAND = Command("split", run)
