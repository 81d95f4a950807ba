"""touch and truncate: make files, make them new, give them a size."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.dates import parse_date, parse_stamp
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import parse_count

_LONG = {
    "no-create": "c",
    "date": "d",
    "reference": "r",
    "time": "time=",
    "no-dereference": "h",
}


def run(invocation: Invocation) -> int:
    """Set the time of each file to now, or as told; make those that are missing (not with -c)."""
    options, operands = parse(invocation, "camfh", "drt", _LONG)
    if not operands:
        raise UsageError("missing file operand", has_hint=True)
    time_ms = _time(invocation, options)
    code = 0
    for path in operands:
        system = invocation.system
        try:
            if not system.exists(path):
                if "c" in options:
                    continue
                system.write_file(path, b"", append=True)
            system.utime(path, time_ms)
        except Errno as error:
            gnu = f"cannot touch '{path}': {error.text}"
            invocation.complain(invocation.either(gnu, f"{path}: {error.text}"))
            code = 1
    return code


def _time(invocation: Invocation, options: Options) -> int | None:
    if "r" in options:
        try:
            return invocation.system.stat(options["r"]).mtime_ms
        except Errno as error:
            gnu = f"failed to get attributes of '{options['r']}': {error.text}"
            raise UsageError(invocation.either(gnu, f"{options['r']}: {error.text}")) from None
    if "d" in options:
        found = parse_date(options["d"], invocation.system.now_ms)
        if found is None:
            text = f"invalid date format '{options['d']}'"
            raise UsageError(invocation.either(text, f"invalid date '{options['d']}'"))
        return found
    if "t" in options:
        found = parse_stamp(options["t"], invocation.system.now_ms)
        if found is None:
            raise UsageError(f"invalid date format '{options['t']}'")
        return found
    return None


def truncate(invocation: Invocation) -> int:
    """Give each file a size (-s; "+" and "-" change it)."""
    options, operands = parse(invocation, "co", "sr", {"size": "s", "no-create": "c"})
    if "s" not in options:
        raise UsageError("you must specify either '--size' or '--reference'", has_hint=True)
    if not operands:
        raise UsageError("missing file operand", has_hint=True)
    wish = options["s"].strip()
    sign = wish[:1] if wish[:1] in "+-<>/%" else ""
    amount = parse_count(wish[len(sign) :], "number")
    code = 0
    for path in operands:
        system = invocation.system
        try:
            if not system.exists(path):
                if "c" in options:
                    continue
                system.write_file(path, b"")
            size = system.stat(path).size
            system.truncate(path, max(_size(size, sign, amount), 0))
        except Errno as error:
            invocation.complain(f"cannot open '{path}' for writing: {error.text}")
            code = 1
    return code


def _size(held: int, sign: str, amount: int) -> int:
    amount = max(amount, 1) if sign in ("/", "%") else amount
    return {
        "": amount,
        "+": held + amount,
        "-": held - amount,
        "<": min(held, amount),
        ">": max(held, amount),
        "/": held // amount * amount,
        "%": -(-held // amount) * amount,
    }[sign]


COMMAND = Command("touch", run)
TRUNCATE = Command("truncate", truncate)
