"""base64: bytes as letters, and back."""

from __future__ import annotations

import base64
import binascii
import re

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Encode, or with -d decode."""
    long = {"decode": "d", "ignore-garbage": "i", "wrap": "w"}
    options, files = parse(invocation, "dDi", "w", long)
    found = invocation.inputs(files[:1])
    if not found:
        return 1
    content = found[0][1]
    if "d" in options or "D" in options:
        text = re.sub(rb"[^A-Za-z0-9+/=]" if "i" in options else rb"\s", b"", content)
        try:
            invocation.say(base64.b64decode(text, validate=True))
        except binascii.Error:
            usable = text[: len(text) // 4 * 4]
            invocation.say(
                base64.b64decode(
                    re.sub(rb"[^A-Za-z0-9+/].*", b"", usable)[: len(usable) // 4 * 4] + b""
                )
            )
            invocation.complain("invalid input")
            return 1
        return 0
    text = base64.b64encode(content)
    width = int(options.get("w", "76"))
    if width <= 0:
        invocation.say(text)
    else:
        for start in range(0, len(text), width):
            invocation.say(text[start : start + width] + b"\n")
    return 0


COMMAND = Command("base64", run)
