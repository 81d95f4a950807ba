"""md5sum and the like, cksum and sum: checksums."""

from __future__ import annotations

import hashlib
import re
from functools import partial

from cluster_engine.shell.commands.command import Command, Invocation, UsageError, lines_of
from cluster_engine.shell.commands.options import Options, parse

_LONG = {
    "check": "c",
    "binary": "b",
    "text": "t",
    "status": "s",
    "quiet": "q",
    "warn": "w",
    "strict": "strict",
    "tag": "tag",
    "ignore-missing": "ignore-missing",
}
_LINE = re.compile(r"\\?([0-9a-fA-F]+) [ *](.+)")
_TAGGED = re.compile(r"\w+ \((.+)\) = ([0-9a-fA-F]+)")
_POLYNOMIAL = 0x04C11DB7


def run(invocation: Invocation, algorithm: str) -> int:
    """Print the sum of each file, or with -c check a list of them."""
    options, files = parse(invocation, "cbtqsw", "", _LONG)
    found = [(name, _read(invocation, name)) for name in files or ["-"]]
    readable = [(name, content) for name, content in found if content is not None]
    if "c" in options:
        code = 0 if len(readable) == len(found) else 1
        return max([code, *(_check(invocation, each, algorithm, options) for each in readable)])
    for name, content in readable:
        digest = _digest(content, algorithm)
        if "tag" in options:
            invocation.line(f"{algorithm.upper()} ({name}) = {digest}")
        else:
            invocation.line(f"{digest} {'*' if 'b' in options else ' '}{name}")
    return 0 if len(readable) == len(found) else 1


def _digest(content: bytes, algorithm: str) -> str:
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def _read(invocation: Invocation, name: str) -> bytes | None:
    if name == "-":
        return invocation.stdin
    if not invocation.is_busybox:
        return invocation.read(name)
    before = len(invocation.err)
    content = invocation.read(name)
    if content is None and invocation.err.endswith(b"No such file or directory\n"):
        del invocation.err[before:]
        invocation.complain(f"can't open '{name}': No such file or directory")
    return content


def _check(
    invocation: Invocation, sums: tuple[str, bytes], algorithm: str, options: Options
) -> int:
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size * 2
    wrong = missing = seen = 0
    for line in lines_of(sums[1]):
        pair = _pair(line)
        if pair is None or len(pair[0]) != size:
            continue
        wanted, name = pair
        seen += 1
        held = _read(invocation, name)
        is_good = held is not None and _digest(held, algorithm) == wanted.lower()
        if held is None:
            missing += 1
        elif not is_good:
            wrong += 1
        if "s" not in options and not (is_good and "q" in options):
            words = "OK" if is_good else "FAILED open or read" if held is None else "FAILED"
            invocation.line(f"{name}: {words}")
    name = "standard input" if sums[0] == "-" else sums[0]
    if not seen:
        invocation.complain(f"{name}: no properly formatted checksum lines found")
        return 1
    if invocation.is_busybox:
        if wrong or missing:
            total = wrong + missing
            invocation.complain(f"WARNING: {total} of {seen} computed checksums did NOT match")
    elif "s" not in options:
        _warn(invocation, missing, "listed file{} could not be read")
        _warn(invocation, wrong, "computed checksum{} did NOT match")
    return 1 if wrong or missing else 0


def _pair(line: str) -> tuple[str, str] | None:
    if found := _LINE.fullmatch(line):
        return found[1], found[2]
    if found := _TAGGED.fullmatch(line):
        return found[2], found[1]
    return None


def _warn(invocation: Invocation, count: int, words: str) -> None:
    if count:
        plural = "" if count == 1 else "s"
        invocation.complain(f"WARNING: {count} {words.format(plural)}")


def cksum(invocation: Invocation) -> int:
    """POSIX' CRC, and the size."""
    _, files = parse(invocation, "")
    found = invocation.inputs(files)
    for name, content in found:
        shown = f" {name}" if files else ""
        invocation.line(f"{_crc(content)} {len(content)}{shown}")
    return 0 if len(found) == len(files or ["-"]) else 1


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (_POLYNOMIAL if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return table


def _crc(content: bytes) -> int:
    if len(content) > 4 * 1024 * 1024:
        raise UsageError("memory exhausted")
    table, value, size = _crc_table(), 0, len(content)
    for byte in content:
        value = (value << 8 & 0xFFFFFFFF) ^ table[value >> 24 ^ byte]
    while size:
        value = (value << 8 & 0xFFFFFFFF) ^ table[value >> 24 ^ size & 0xFF]
        size >>= 8
    return ~value & 0xFFFFFFFF


COMMANDS = (
    *(
        Command(f"{algorithm}sum", partial(run, algorithm=algorithm))
        for algorithm in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
    ),
    Command("cksum", cksum),
)
