"""nslookup, host and getent: names and addresses."""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.shell.commands.accounts import entries
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.exchanges import RESOLVE_MS
from cluster_engine.shell.commands.lookups import (
    Resolver,
    ask,
    is_address,
    reversed_name,
)

_TIMED_OUT = ";; connection timed out; no servers could be reached"
_TYPES = ("a", "aaaa", "any", "srv", "ptr", "cname", "txt", "mx", "ns", "soa")


def nslookup(invocation: Invocation) -> int:
    """Ask the cluster's DNS about a name."""
    operands, kind = _operands(invocation)
    if not operands:
        if invocation.is_busybox:
            raise UsageError("", has_hint=True)
        # Without a name GNU's is a dialogue.
        raise UsageError("interactive mode is not available here; usage: nslookup HOST [SERVER]")
    resolver = Resolver.of(invocation)
    name = operands[0]
    server = operands[1] if len(operands) > 1 else resolver.server
    if len(operands) > 1 and server != resolver.server:
        invocation.pause(RESOLVE_MS)
        invocation.line(f";; communications error to {server}#53: timed out\n{_TIMED_OUT}")
        return 1
    if is_address(name):
        return _reverse(invocation, name, server)
    answer = ask(invocation, name)
    if answer.is_timed_out:
        invocation.pause(RESOLVE_MS)
        invocation.line(f"{_TIMED_OUT}\n")
        return 1
    _tell_server(invocation, server)
    if not answer.addresses:
        return _unknown(invocation, name, resolver)
    if kind not in ("a", "any", ""):
        invocation.line(f"*** Can't find {name}: No answer\n")
        return 0
    for address in answer.addresses:
        invocation.line(f"Name:\t{answer.name}")
        invocation.line(f"Address: {address}")
    invocation.line()
    return 0


def _operands(invocation: Invocation) -> tuple[list[str], str]:
    operands, kind = [], ""
    for word in invocation.arguments[1:]:
        if word.startswith("-"):
            name, _, value = word[1:].partition("=")
            if name in ("type", "query", "q", "querytype", "t"):
                kind = value.lower()
                if kind not in _TYPES:
                    raise UsageError(f"unknown query type: {value}")
        else:
            operands.append(word)
    return operands, kind


def _tell_server(invocation: Invocation, server: str) -> None:
    mark = invocation.either("#", ":")
    invocation.line(f"Server:\t\t{server}\nAddress:\t{server}{mark}53\n")


def _unknown(invocation: Invocation, name: str, resolver: Resolver) -> int:
    if not invocation.is_busybox:
        invocation.line(f"** server can't find {name.rstrip('.')}: NXDOMAIN\n")
        return 1
    # One question for each kind of address.
    for _ in range(2):
        for candidate in resolver.candidates(name):
            invocation.line(f"** server can't find {candidate}: NXDOMAIN\n")
    return 1


def _reverse(invocation: Invocation, address: str, server: str) -> int:
    name = invocation.system.reverse(address)
    if invocation.is_busybox:
        _tell_server(invocation, server)
    question = reversed_name(address)
    if not name:
        invocation.line(f"** server can't find {question}: NXDOMAIN\n")
        return 1
    dot = invocation.either(".", "")
    invocation.line(f"{question}\tname = {name.rstrip('.')}{dot}\n")
    return 0


def host(invocation: Invocation) -> int:
    """Ask the cluster's DNS, briefly."""
    names = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    if not names:
        raise UsageError("Usage: host [-aCdilrTvVw] hostname [server]")
    name = names[0]
    if is_address(name):
        found = invocation.system.reverse(name)
        question = reversed_name(name)
        if not found:
            invocation.line(f"Host {question}. not found: 3(NXDOMAIN)")
            return 1
        invocation.line(f"{question} domain name pointer {found.rstrip('.')}.")
        return 0
    answer = ask(invocation, name)
    if answer.is_timed_out:
        invocation.pause(RESOLVE_MS)
        invocation.line(_TIMED_OUT)
        return 1
    if not answer.addresses:
        invocation.line(f"Host {name} not found: 3(NXDOMAIN)")
        return 1
    for address in answer.addresses:
        invocation.line(f"{answer.name} has address {address}")
    return 0


def getent(invocation: Invocation) -> int:
    """Look up hosts, users, groups or services."""
    words = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    hint = "Try `getent --help' or `getent --usage' for more information."
    if not words:
        raise UsageError(f"wrong number of arguments\n{hint}")
    database, keys = words[0], words[1:]
    if database in ("hosts", "ahosts", "ahostsv4"):
        return _hosts(invocation, keys, database)
    if database in ("passwd", "group"):
        found = entries(invocation.system, database)
        chosen = [e for e in found if not keys or e[0] in keys or e[2] in keys]
        for entry in chosen:
            invocation.line(":".join(entry))
        return 0 if chosen else 2
    if database == "services":
        ports = {"http": 80, "https": 443, "ssh": 22, "domain": 53, "redis": 6379}
        known = [key for key in keys if key in ports]
        for key in known:
            invocation.line(f"{key:<21} {ports[key]}/tcp")
        return 0 if known else 2
    invocation.err.extend(f"Unknown database: {database}\n{hint}\n".encode())
    return 1


def _hosts(invocation: Invocation, keys: list[str], database: str) -> int:
    if not keys:
        content = invocation.system.read_file("/etc/hosts").decode("utf-8", "replace")
        for line in content.splitlines():
            words = line.partition("#")[0].split()
            if len(words) > 1 and is_address(words[0]):
                invocation.line(f"{words[0]:<15} {' '.join(words[1:])}")
        return 0
    code = 0
    for key in keys:
        try:
            addresses = invocation.system.resolve(key)
        except NetworkError:
            invocation.pause(RESOLVE_MS)
            addresses = []
        full = key
        if is_address(key):
            full = invocation.system.reverse(key).rstrip(".")
            addresses = [key] if full else []
        elif addresses:
            full = invocation.system.full_name(key) or key
        code = code if addresses else 2
        for address in addresses:
            if database == "hosts":
                invocation.line(f"{address:<15} {full}")
                continue
            invocation.line(f"{address:<15} STREAM {full}")
            invocation.line(f"{address:<15} DGRAM  ")
            invocation.line(f"{address:<15} RAW    ")
    return code


COMMAND = Command("nslookup", nslookup)
HOST = Command("host", host)
GETENT = Command("getent", getent)
