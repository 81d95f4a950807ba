"""hostname: the pod's name."""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_LONG = {
    "alias": "a",
    "all-fqdns": "A",
    "domain": "d",
    "fqdn": "f",
    "long": "f",
    "file": "F",
    "ip-address": "i",
    "all-ip-addresses": "I",
    "short": "s",
    "yp": "y",
    "nis": "y",
}
_USAGE = """\
Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name
"""


def run(invocation: Invocation) -> int:
    """Print the name: with -f the full one, -d its domain, -s the short one, -i the address."""
    system = invocation.system
    flags = invocation.either("aAbdfiIsyv", "sidf")
    try:
        options, operands = parse(invocation, flags, "F", _LONG)
    except UsageError as error:
        if invocation.is_busybox:
            raise
        invocation.complain(str(error))
        invocation.err += _USAGE.encode()
        return 255
    if operands or "F" in options:
        text = invocation.either(
            "you must be root to change the host name", "sethostname: Operation not permitted"
        )
        raise UsageError(text)
    if "I" in options:
        invocation.line(f"{system.ip} ")
    elif "i" in options:
        invocation.line(_address(invocation))
    elif "A" in options:
        invocation.line(f"{_full_name(invocation)} ")
    elif "f" in options:
        invocation.line(_full_name(invocation))
    elif "d" in options:
        domain = _full_name(invocation).partition(".")[2]
        if domain or invocation.is_busybox:
            invocation.line(domain)
    elif "a" in options:
        names = _hosts_line(invocation)
        invocation.line(" ".join(names[2:]))
    elif "y" in options:
        raise UsageError("Local domain name not set")
    else:
        name = system.hostname
        invocation.line(name.partition(".")[0] if "s" in options else name)
    return 0


def _hosts_line(invocation: Invocation) -> list[str]:
    """The words of the line in /etc/hosts that has the pod's own name."""
    name = invocation.system.hostname
    try:
        text = invocation.system.read_file("/etc/hosts").decode("utf-8", "replace")
    except Errno:
        return []
    lines = [line.partition("#")[0].split() for line in text.splitlines()]
    return next((words for words in lines if name in words[1:]), [])


def _address(invocation: Invocation) -> str:
    words = _hosts_line(invocation)
    if words:
        return words[0]
    name = invocation.system.hostname
    try:
        found = invocation.system.resolve(name)
    except NetworkError:
        found = []
    if not found:
        raise _unknown(invocation)
    return found[0]


def _full_name(invocation: Invocation) -> str:
    words = _hosts_line(invocation)
    if words:
        return words[1]
    _address(invocation)
    return invocation.system.hostname


def _unknown(invocation: Invocation) -> UsageError:
    name = invocation.system.hostname
    return UsageError(
        invocation.either("Name or service not known", f"{name}: Host name lookup failure")
    )


COMMAND = Command("hostname", run)
