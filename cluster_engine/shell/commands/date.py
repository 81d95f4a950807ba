"""date: the cluster's own time."""

from __future__ import annotations

from datetime import UTC, datetime

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_LONG = {
    "utc": "u",
    "universal": "u",
    "date": "d",
    "iso-8601": "I",
    "rfc-email": "R",
    "rfc-3339": "rfc-3339=",
}


def run(invocation: Invocation) -> int:
    """Print the time, by a +FORMAT when one is given."""
    words = invocation.arguments
    invocation.arguments = ["-I" if word.startswith("-I") else word for word in words]
    wants_seconds = any(word.startswith("-Is") or word == "--iso-8601=seconds" for word in words)
    options, operands = parse(invocation, "uRI", "ds", _LONG)
    if "s" in options:
        invocation.complain("cannot set date: Operation not permitted")
        return 1
    now = datetime.fromtimestamp(invocation.system.now_ms / 1000, UTC)
    if "d" in options:
        now = _parse(options["d"], now)
    if operands and not operands[0].startswith("+"):
        raise UsageError(f"invalid date '{operands[0]}'")
    if operands:
        invocation.line(_format(now, operands[0][1:]))
    elif "I" in options:
        invocation.line(now.strftime("%Y-%m-%dT%H:%M:%S+00:00" if wants_seconds else "%Y-%m-%d"))
    elif "R" in options:
        invocation.line(now.strftime("%a, %d %b %Y %H:%M:%S +0000"))
    elif "rfc-3339" in options:
        invocation.line(now.strftime("%Y-%m-%d %H:%M:%S+00:00"))
    else:
        invocation.line(now.strftime("%a %b %e %H:%M:%S UTC %Y"))
    return 0


def _format(now: datetime, template: str) -> str:
    nanoseconds = f"{now.microsecond:06d}000"
    template = template.replace("%3N", nanoseconds[:3]).replace("%N", nanoseconds)
    template = template.replace("%s", str(int(now.timestamp()))).replace("%F", "%Y-%m-%d")
    return now.strftime(template.replace("%T", "%H:%M:%S"))


def _parse(text: str, now: datetime) -> datetime:
    if text.startswith("@") and text[1:].lstrip("-").isdigit():
        return datetime.fromtimestamp(int(text[1:]), UTC)
    if text in ("now", "today"):
        return now
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"invalid date '{text}'") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


COMMAND = Command("date", run)
