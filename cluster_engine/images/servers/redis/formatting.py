"""Replies as redis-cli shows them: for people at a terminal, and raw for scripts."""

from __future__ import annotations

from cluster_engine.images.servers.redis.resp import Failure, NullArray, Reply, Status

_ESCAPES = {
    0x5C: "\\\\",
    0x22: '\\"',
    0x0A: "\\n",
    0x0D: "\\r",
    0x09: "\\t",
    0x07: "\\a",
    0x08: "\\b",
}


def quoted(data: bytes) -> str:
    """Bytes in quotes, with escapes."""
    out = ['"']
    for byte in data:
        plain = chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}"
        out.append(_ESCAPES.get(byte, plain))
    return "".join([*out, '"'])


def pretty(reply: Reply, prefix: str = "") -> str:
    """For people; ends with a newline."""
    if reply is None or isinstance(reply, NullArray):
        return "(nil)\n"
    if isinstance(reply, Failure):
        return f"(error) {reply}\n"
    if isinstance(reply, Status):
        return f"{reply}\n"
    if isinstance(reply, int):
        return f"(integer) {reply}\n"
    if isinstance(reply, bytes):
        return f"{quoted(reply)}\n"
    if not reply:
        return "(empty array)\n"
    width = len(str(len(reply)))
    inner = prefix + " " * (width + 2)
    lines = []
    for number, item in enumerate(reply, start=1):
        head = f"{number:>{width}}) "
        lines.append((prefix if number > 1 else "") + head + pretty(item, inner))
    return "".join(lines)


def raw(reply: Reply) -> bytes:
    """For scripts; ends with a newline."""
    if reply is None or isinstance(reply, NullArray):
        return b"\n"
    if isinstance(reply, (Status, Failure)):
        return reply.encode() + b"\n"
    if isinstance(reply, int):
        return b"%d\n" % reply
    if isinstance(reply, bytes):
        return reply + b"\n"
    return b"".join(raw(item) for item in reply) or b"\n"
