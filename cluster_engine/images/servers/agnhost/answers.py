"""Subcommands that print something and end: entrypoint-tester, dns-suffix, connect and the like."""

from __future__ import annotations

from cluster_engine.images.servers.agnhost.flags import STDERR, STDOUT, Flags, duration_ms, printed
from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

VERSION = "2.66.1"
_DEFAULT_TIMEOUT_MS = 130_000


class Answer:
    """A subcommand that is done in one step."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments

    def step(self, system: System) -> Outcome:
        """Print, then end."""
        return Exited(self.run(system))

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False

    def run(self, system: System) -> int:
        """What is printed; the exit code."""
        raise NotImplementedError


class EntrypointTester(Answer):
    """All of its words, its own name included."""

    def run(self, system: System) -> int:
        """One line."""
        system.write(STDOUT, f"{printed(self.arguments)}\n".encode())
        return 0


class NoNewPrivileges(Answer):
    """Who it is."""

    def run(self, system: System) -> int:
        """One line."""
        system.write(STDOUT, f"Effective uid: {system.uid}\n".encode())
        return 0


class EtcHosts(Answer):
    """/etc/hosts."""

    def run(self, system: System) -> int:
        """The file."""
        system.write(STDOUT, system.read_file("/etc/hosts") + b"\n")
        return 0


class ResolverList(Answer):
    """A line of /etc/resolv.conf, with commas."""

    word = "search"

    def run(self, system: System) -> int:
        """One line."""
        text = system.read_file("/etc/resolv.conf").decode("utf-8", "replace")
        for line in text.split("\n"):
            if line.startswith(self.word):
                system.write(STDOUT, f"{','.join(line.split(' ')[1:])}\n".encode())
                return 0
        system.write(STDERR, b"panic: Could not find DNS search list!\n")
        return 2


class DnsSuffix(ResolverList):
    """The search list."""


class DnsServerList(ResolverList):
    """The first name server."""

    word = "nameserver"


class Help(Answer):
    """The version, or which subcommands there are."""

    def run(self, system: System) -> int:
        """As cobra prints it."""
        words = self.arguments[1:]
        if words[:1] == ["--version"]:
            system.write(STDOUT, f"app version {VERSION}\n".encode())
            return 0
        if words and words[0] not in ("help", "--help", "-h"):
            text = f'Error: unknown command "{words[0]}" for "app"\nRun \'app --help\' for usage.\n'
            system.write(STDERR, text.encode())
            return 1
        system.write(STDOUT, b"Usage:\n  app [command]\n\nSee test/images/agnhost/README.md\n")
        return 0


class Connect:
    """Tries a connection and says in one word why it failed."""

    def __init__(self, arguments: list[str]) -> None:
        self._flags = Flags(arguments[2:])
        self._late_ms = 0

    def step(self, system: System) -> Outcome:
        """One attempt; a timeout takes its time."""
        if self._late_ms:
            if system.now_ms < self._late_ms:
                return Waiting(until_ms=self._late_ms)
            return self._fail(system, "TIMEOUT")
        place = self._flags.words[0] if self._flags.words else ""
        host, colon, port = place.rpartition(":")
        if not colon or not port.isdecimal():
            return self._fail(system, f"UNKNOWN: address {place}: missing port in address")
        try:
            system.close(system.connect(host, int(port)))
        except NetworkError as error:
            return self._explain(system, error, host, place)
        except Errno as error:
            return self._fail(system, f"OTHER: dial tcp {place}: {error.text.lower()}")
        return Exited(0)

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False

    def _explain(self, system: System, error: NetworkError, host: str, place: str) -> Outcome:
        if error.kind in ("no such host", "dns timeout"):
            return self._fail(system, f"DNS: lookup {host}: {error.kind}")
        if error.kind == "connection refused":
            return self._fail(system, "REFUSED")
        if error.kind == "timeout":
            wait_ms = duration_ms(self._flags.text("timeout", "0")) or _DEFAULT_TIMEOUT_MS
            self._late_ms = system.now_ms + wait_ms
            return Waiting(until_ms=self._late_ms)
        return self._fail(system, f"OTHER: dial tcp {place}: connect: {error.kind}")

    def _fail(self, system: System, text: str) -> Outcome:
        system.write(STDERR, f"{text}\n".encode())
        return Exited(1)
