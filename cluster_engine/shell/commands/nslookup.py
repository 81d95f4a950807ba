"""nslookup, dig, host and getent: names and addresses."""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.accounts import entries
from cluster_engine.shell.commands.command import Command, Invocation, UsageError

_SERVER = "10.96.0.10"


def nslookup(invocation: Invocation) -> int:
    """Ask the cluster's DNS about each name."""
    names = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    if not names:
        raise UsageError("usage: nslookup HOST")
    system, name = invocation.system, names[0]
    server = _server(invocation)
    invocation.line(f"Server:\t\t{server}")
    invocation.line(f"Address:\t{server}#53")
    invocation.line()
    try:
        addresses = system.resolve(name)
    except NetworkError:
        invocation.line(";; connection timed out; no servers could be reached")
        return 1
    if not addresses:
        invocation.line(f"** server can't find {name}: NXDOMAIN")
        invocation.line()
        return 1
    full = system.full_name(name) or name
    for address in addresses:
        invocation.line(f"Name:\t{full}")
        invocation.line(f"Address: {address}")
    invocation.line()
    return 0


def dig(invocation: Invocation) -> int:
    """Ask the cluster's DNS, with the details."""
    words = [word for word in invocation.arguments[1:] if word[0] not in "-+@"]
    is_short = "+short" in invocation.arguments
    names = [word for word in words if word.upper() not in ("A", "AAAA", "SRV", "ANY", "IN")]
    name = names[0] if names else "."
    searches = "+search" in invocation.arguments
    try:
        wish = name if searches or name.endswith(".") else f"{name.rstrip('.')}."
        addresses = invocation.system.resolve(wish)
    except NetworkError:
        invocation.line(";; communications error: timed out")
        return 9
    if is_short:
        for address in addresses:
            invocation.line(address)
        return 0
    status = "NOERROR" if addresses else "NXDOMAIN"
    full = name.rstrip(".") + "."
    invocation.line(f"\n; <<>> DiG 9.18.33 <<>> {' '.join(invocation.arguments[1:])}")
    invocation.line(";; Got answer:")
    invocation.line(f";; ->>HEADER<<- opcode: QUERY, status: {status}, id: 4242")
    invocation.line(f";; flags: qr aa rd; QUERY: 1, ANSWER: {len(addresses)}, AUTHORITY: 0")
    invocation.line(f"\n;; QUESTION SECTION:\n;{full}\t\tIN\tA\n")
    if addresses:
        invocation.line(";; ANSWER SECTION:")
        for address in addresses:
            invocation.line(f"{full}\t30\tIN\tA\t{address}")
        invocation.line()
    invocation.line(";; Query time: 0 msec")
    invocation.line(f";; SERVER: {_server(invocation)}#53({_server(invocation)}) (UDP)")
    return 0


def getent(invocation: Invocation) -> int:
    """Look up hosts, users or groups."""
    words = invocation.arguments[1:]
    if len(words) < 1:
        raise UsageError("wrong number of arguments")
    database, keys = words[0], words[1:]
    if database in ("hosts", "ahosts"):
        for name in keys:
            addresses = invocation.system.resolve(name)
            if not addresses:
                return 2
            full = invocation.system.full_name(name) or name
            for address in addresses:
                invocation.line(f"{address:<15} {full}")
        return 0
    if database in ("passwd", "group"):
        found = entries(invocation.system, database)
        chosen = [e for e in found if not keys or e[0] in keys or e[2] in keys]
        for entry in chosen:
            invocation.line(":".join(entry))
        return 0 if chosen else 2
    raise UsageError(f"Unknown database: {database}")


def _server(invocation: Invocation) -> str:
    try:
        text = invocation.system.read_file("/etc/resolv.conf").decode("utf-8", "replace")
    except Errno:
        return _SERVER
    servers = [line.split()[1] for line in text.splitlines() if line.startswith("nameserver ")]
    return servers[0] if servers else _SERVER


COMMAND = Command("nslookup", nslookup)
DIG = Command("dig", dig)
GETENT = Command("getent", getent)
