"""gzip, gunzip and zcat: compression."""

from __future__ import annotations

import gzip
import zlib

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse

_BYTES_MAX = 64 * 1024 * 1024
_LONG = {"stdout": "c", "decompress": "d", "force": "f", "keep": "k", "verbose": "v"}


def run(invocation: Invocation) -> int:
    """Compress, or with -d (and as gunzip or zcat) decompress."""
    options, files = parse(invocation, "cdfkvnq123456789", "", _LONG)
    is_unpacking = "d" in options or invocation.name in ("gunzip", "zcat")
    to_output = "c" in options or invocation.name == "zcat"
    code = 0
    for name in files or ["-"]:
        content = invocation.stdin if name == "-" else invocation.read(name)
        if content is None:
            code = 1
            continue
        changed = _unpack(content) if is_unpacking else gzip.compress(content, mtime=0)
        if changed is None:
            shown = "stdin" if name == "-" else name
            invocation.complain(f"{shown}: not in gzip format")
            code = 1
        elif name == "-" or to_output:
            invocation.say(changed)
        else:
            code = max(code, _replace(invocation, name, changed, is_unpacking, "k" in options))
    return code


def _unpack(content: bytes) -> bytes | None:
    try:
        return zlib.decompressobj(wbits=31).decompress(content, _BYTES_MAX)
    except zlib.error:
        return None


def _replace(
    invocation: Invocation, name: str, content: bytes, is_unpacking: bool, is_kept: bool
) -> int:
    if is_unpacking and not name.endswith((".gz", ".tgz")):
        invocation.complain(f"{name}: unknown suffix -- ignored")
        return 2
    target = f"{name}.gz"
    if is_unpacking:
        target = name.removesuffix(".gz") if name.endswith(".gz") else name[:-4] + ".tar"
    try:
        invocation.system.write_file(target, content)
        if not is_kept:
            invocation.system.unlink(name)
    except Errno as error:
        invocation.complain(f"{target}: {error.text}")
        return 1
    return 0


COMMAND = Command("gzip", run)
