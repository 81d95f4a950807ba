"""Questions to the cluster's DNS, for nslookup, dig, host and getent."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation

_SERVER = "10.96.0.10"


@dataclass(frozen=True, slots=True)
class Answer:
    """What DNS knows of a name: its full name and its addresses, or why there is none."""

    name: str
    addresses: tuple[str, ...] = ()
    is_timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Resolver:
    """What /etc/resolv.conf says."""

    server: str
    domains: tuple[str, ...]
    dots: int

    @classmethod
    def of(cls, invocation: Invocation) -> Resolver:
        """The container's own."""
        try:
            text = invocation.system.read_file("/etc/resolv.conf").decode("utf-8", "replace")
        except Errno:
            text = ""
        server, domains, dots = "", tuple[str, ...](), 1
        for line in text.splitlines():
            words = line.split()
            if len(words) > 1 and words[0] == "nameserver":
                server = server or words[1]
            elif len(words) > 1 and words[0] == "search":
                domains = tuple(words[1:])
            elif words[:1] == ["options"]:
                given = [word[6:] for word in words if word.startswith("ndots:")]
                dots = int(given[-1]) if given and given[-1].isdecimal() else dots
        return cls(server or _SERVER, domains, dots)

    def candidates(self, name: str) -> list[str]:
        """The full names that are asked for, in order."""
        if name.endswith("."):
            return [name[:-1]]
        searched = [f"{name}.{domain}" for domain in self.domains]
        if name.count(".") >= self.dots:
            return [name, *searched]
        return [*searched, name]


def ask(invocation: Invocation, name: str) -> Answer:
    """Look a name up, with the search domains."""
    system = invocation.system
    try:
        addresses = system.resolve(name)
    except NetworkError:
        return Answer(name, is_timed_out=True)
    full = system.full_name(name) or name.rstrip(".")
    return Answer(full, tuple(addresses))


def ask_exactly(invocation: Invocation, name: str) -> Answer:
    """Look up that very name."""
    return ask(invocation, f"{name.rstrip('.')}.")


def is_address(text: str) -> bool:
    """Whether a text is an IPv4 address."""
    parts = text.split(".")
    return len(parts) == 4 and all(part.isdecimal() and int(part) < 256 for part in parts)


def reversed_name(address: str) -> str:
    """The name under which DNS knows whom an address belongs to."""
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa"
