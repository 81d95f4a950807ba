"""Blocks between BEGIN and END lines, as certificates and keys are written.

Models: encoding/pem of Go, which passes over what it cannot read.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

CERTIFICATE = "CERTIFICATE"
_BLOCK = re.compile(
    r"^-----BEGIN (?P<type>[^\n]*)-----[ \t]*\r?\n(?P<body>.*?)^-----END (?P=type)-----[ \t]*\r?$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: what it says it is, and the bytes in it."""

    type: str
    has_headers: bool
    content: bytes


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text that can be decoded."""
    found = []
    for match in _BLOCK.finditer(text):
        body, has_headers = match["body"], ":" in match["body"]
        if has_headers:  # They end with an empty line.
            body = body.partition("\n\n")[2]
        try:
            content = base64.b64decode("".join(body.split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        found.append(Block(match["type"], has_headers, content))
    return found


def encoded_blocks(encoded: str) -> list[Block]:
    """The blocks of a text that is base64 itself, as it is in a byte field."""
    return blocks_of(base64.b64decode(encoded).decode(errors="replace"))
