"""md5sum, sha1sum, sha256sum, sha512sum and cksum: checksums."""

from __future__ import annotations

import hashlib
from functools import partial

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation, algorithm: str) -> int:
    """Print the sum of each file, or with -c check a list of them."""
    options, files = parse(invocation, "cbtqsw", "", {"check": "c", "status": "s", "quiet": "q"})
    found = invocation.inputs(files)
    if "c" in options:
        return _check(invocation, found, algorithm)
    for name, content in found:
        digest = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
        invocation.line(f"{digest}  {name}")
    return 0 if len(found) == len(files or ["-"]) else 1


def _check(invocation: Invocation, lists: list[tuple[str, bytes]], algorithm: str) -> int:
    wrong = 0
    for _, content in lists:
        for line in content.decode("utf-8", "replace").splitlines():
            wanted, _, name = line.partition("  ")
            held = invocation.read(name)
            if held is None:
                wrong += 1
                invocation.line(f"{name}: FAILED open or read")
                continue
            good = hashlib.new(algorithm, held, usedforsecurity=False).hexdigest() == wanted
            wrong += not good
            invocation.line(f"{name}: {'OK' if good else 'FAILED'}")
    if wrong:
        invocation.complain(f"WARNING: {wrong} computed checksum did NOT match")
    return 1 if wrong else 0


COMMANDS = tuple(
    Command(f"{algorithm}sum", partial(run, algorithm=algorithm))
    for algorithm in ("md5", "sha1", "sha256", "sha512")
)
