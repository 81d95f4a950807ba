"""dd: copies blocks."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.sizes import human, parse_count

_BYTES_MAX = 64 * 1024 * 1024


def run(invocation: Invocation) -> int:
    """Copy `count` blocks of `bs` bytes from `if` to `of`."""
    words = dict(word.split("=", 1) for word in invocation.arguments[1:] if "=" in word)
    size = parse_count(words.get("bs", words.get("ibs", "512")))
    count = parse_count(words["count"]) if "count" in words else -1
    skip, seek = parse_count(words.get("skip", "0")), parse_count(words.get("seek", "0"))
    wanted = size * count if count >= 0 else _BYTES_MAX
    if wanted > _BYTES_MAX:
        raise UsageError(f"memory exhausted: at most {human(_BYTES_MAX)} can be copied here")
    content = _read(invocation, words.get("if", ""), wanted, skip * size)
    if content is None:
        return 1
    target = words.get("of", "")
    if target and target != "/dev/null":
        system = invocation.system
        try:
            if seek or "notrunc" in words.get("conv", ""):
                held = system.read_file(target) if system.exists(target) else b""
                start = seek * size
                after = held[start + len(content) :] if "notrunc" in words.get("conv", "") else b""
                content_all = held[:start].ljust(start, b"\0") + content + after
                system.write_file(target, content_all)
            else:
                system.write_file(target, content)
        except Errno as error:
            invocation.complain(f"failed to open '{target}': {error.text}")
            return 1
    elif not target:
        invocation.say(content)
    full, part = divmod(len(content), size)
    if words.get("status") != "none":
        records = f"{full}+{1 if part else 0}"
        text = f"{records} records in\n{records} records out\n{len(content)} bytes"
        if len(content) >= 1024:
            text += f" ({human(len(content))}B)"
        invocation.err += f"{text} copied, 0.001 s\n".encode()
    return 0


def _read(invocation: Invocation, source: str, wanted: int, skip: int) -> bytes | None:
    if not source:
        return invocation.stdin[skip : skip + wanted]
    if source == "/dev/zero":
        return bytes(wanted)
    if source in ("/dev/urandom", "/dev/random"):
        content = bytearray()
        while len(content) < wanted:
            content += invocation.system.random(min(wanted - len(content), 65536))
        return bytes(content)
    content_read = invocation.read(source)
    return None if content_read is None else content_read[skip : skip + wanted]


COMMAND = Command("dd", run)
