"""date: the cluster's own time."""

from __future__ import annotations

from datetime import datetime

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.dates import parse_date
from cluster_engine.shell.commands.moments import formatted, moment
from cluster_engine.shell.commands.options import Options, parse

_LONG = {
    "utc": "u",
    "universal": "u",
    "date": "d",
    "reference": "r",
    "iso-8601": "I?",
    "rfc-email": "R",
    "rfc-2822": "R",
    "rfc-3339": "rfc-3339=",
    "set": "s",
}
_ISO = {
    "": "%Y-%m-%d",
    "date": "%Y-%m-%d",
    "hours": "%Y-%m-%dT%H%:z",
    "minutes": "%Y-%m-%dT%H:%M%:z",
    "seconds": "%Y-%m-%dT%H:%M:%S%:z",
    "ns": "%Y-%m-%dT%H:%M:%S,%N%:z",
}


def run(invocation: Invocation) -> int:
    """Print the time, by a +FORMAT when one is given."""
    options, operands = parse(invocation, "uR", "dsrD", _LONG, optional="I")
    if "s" in options:
        refusal = "can't set date" if invocation.is_busybox else "cannot set date"
        invocation.complain(f"{refusal}: Operation not permitted")
        return 1
    if operands and not operands[0].startswith("+"):
        raise UsageError(f"invalid date '{operands[0]}'")
    if len(operands) > 1:
        raise UsageError(f"extra operand '{operands[1]}'", has_hint=True)
    then = _moment(invocation, options)
    if operands:
        template = operands[0][1:]
    elif "I" in options:
        template = _iso(options["I"])
    elif "R" in options:
        template = "%a, %d %b %Y %H:%M:%S %z"
    elif "rfc-3339" in options:
        template = _iso(options["rfc-3339"]).replace("T", " ").replace(",", ".")
    else:
        template = "%a %b %e %H:%M:%S %Z %Y"
    invocation.line(formatted(then, template))
    return 0


def _iso(wish: str) -> str:
    for name, template in _ISO.items():
        if name and name.startswith(wish) and wish:
            return template
    if wish:
        raise UsageError(f"invalid argument '{wish}' for '--iso-8601'", has_hint=True)
    return _ISO[""]


def _moment(invocation: Invocation, options: Options) -> datetime:
    now_ms = invocation.system.now_ms
    if "d" in options:
        found = parse_date(options["d"], now_ms)
        if found is None:
            raise UsageError(f"invalid date '{options['d']}'")
        now_ms = found
    elif "r" in options:
        try:
            now_ms = invocation.system.stat(options["r"]).mtime_ms
        except Errno as error:
            raise UsageError(f"{options['r']}: {error.text}") from None
    try:
        return moment(now_ms)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"invalid date '{options['d']}'") from None


COMMAND = Command("date", run)
