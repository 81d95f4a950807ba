"""base64 and base32: bytes as letters, and back."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_LONG = {"decode": "d", "ignore-garbage": "i", "wrap": "w"}
_Codec: TypeAlias = tuple[bytes, int, Callable[[bytes], bytes], Callable[[bytes], bytes]]
#: Letters, how many make a group, how to encode and to decode.
_ALPHABETS: dict[str, _Codec] = {
    "base64": (b"A-Za-z0-9+/", 4, base64.b64encode, base64.b64decode),
    "base32": (b"A-Z2-7", 8, base64.b32encode, base64.b32decode),
}


def run(invocation: Invocation, kind: str) -> int:
    """Encode, or with -d decode."""
    options, files = parse(invocation, "di", "w", _LONG)
    if len(files) > 1:
        raise UsageError(f"extra operand '{files[1]}'", has_hint=True)
    found = invocation.inputs(files)
    if not found:
        return 1
    content = found[0][1]
    if "d" in options:
        return _decode(invocation, kind, content, "i" in options)
    width = options.count("w", 76, "invalid wrap size: '{}'")
    _, _, encode, _ = _ALPHABETS[kind]
    text = encode(content)
    if not width:
        invocation.say(text)
    else:
        for start in range(0, len(text), width):
            invocation.say(text[start : start + width] + b"\n")
    return 0


def _decode(invocation: Invocation, kind: str, content: bytes, ignores_garbage: bool) -> int:
    alphabet, size, _, decode = _ALPHABETS[kind]
    unwanted = rb"[^" + alphabet + rb"=]" if ignores_garbage else rb"[\r\n]"
    text = re.sub(unwanted, b"", content)
    good = re.match(rb"[" + alphabet + rb"]*={0,6}", text)
    usable = good[0] if good else b""
    if usable == text and len(text) % size == 0:
        decoded = _decoded(decode, text)
        if decoded is not None:
            invocation.say(decoded)
            return 0
    invocation.say(_beginning(decode, usable.rstrip(b"="), size))
    invocation.complain(invocation.either("invalid input", "truncated input"))
    return 1


def _beginning(decode: Callable[[bytes], bytes], text: bytes, size: int) -> bytes:
    """As much as can be decoded of a text that is cut off."""
    whole = len(text) // size * size
    result = _decoded(decode, text[:whole]) or b""
    rest = text[whole:]
    return result + (_decoded(decode, rest + b"=" * (size - len(rest))) or b"") if rest else result


def _decoded(decode: Callable[[bytes], bytes], text: bytes) -> bytes | None:
    try:
        return decode(text)
    except binascii.Error:
        return None


COMMAND = Command("base64", partial(run, kind="base64"))
BASE32 = Command("base32", partial(run, kind="base32"))
