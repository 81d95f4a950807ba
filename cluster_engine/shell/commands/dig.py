"""dig: questions to the cluster's DNS, with all details."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.exchanges import RESOLVE_MS
from cluster_engine.shell.commands.lookups import Resolver, ask, ask_exactly, reversed_name
from cluster_engine.shell.commands.moments import moment

_VERSION = "9.18.41-1~deb12u1-Debian"
_TYPES = ("A", "AAAA", "SRV", "ANY", "PTR", "CNAME", "TXT", "MX", "NS", "SOA")
_TTL = 30
_FAILED = 9


@dataclass(slots=True)
class _Question:
    name: str = "."
    kind: str = "A"
    server: str = ""
    reverse: str = ""
    switches: set[str] = field(default_factory=set)

    def shows(self, part: str) -> bool:
        """Whether a part of the output is wanted."""
        if f"no{part}" in self.switches:
            return False
        return part in self.switches or "noall" not in self.switches


def run(invocation: Invocation) -> int:
    """Ask one question."""
    question = _parse(invocation.arguments[1:])
    resolver = Resolver.of(invocation)
    if question.server and question.server != resolver.server:
        invocation.pause(RESOLVE_MS)
        for _ in range(3):
            invocation.line(f";; communications error to {question.server}#53: timed out")
        invocation.line(_banner(invocation) + "\n;; no servers could be reached")
        return _FAILED
    if question.reverse:
        target = invocation.system.reverse(question.reverse).rstrip(".")
        name, records = reversed_name(question.reverse), [f"{target}."] if target else []
    else:
        searches = "search" in question.switches
        answer = (
            ask(invocation, question.name) if searches else ask_exactly(invocation, question.name)
        )
        if answer.is_timed_out:
            invocation.pause(RESOLVE_MS)
            invocation.line(f";; communications error to {resolver.server}#53: timed out")
            return _FAILED
        is_found = bool(answer.addresses)
        name = answer.name if searches and is_found else question.name.rstrip(".")
        records = list(answer.addresses) if question.kind in ("A", "ANY") else []
        if is_found and not records:
            _print(invocation, question, resolver, name, [], "NOERROR")
            return 0
    if "short" in question.switches:
        for record in records:
            invocation.line(record)
        return 0
    _print(invocation, question, resolver, name, records, "NOERROR" if records else "NXDOMAIN")
    return 0


def _parse(words: list[str]) -> _Question:
    question = _Question()
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word.startswith("+"):
            question.switches.add(word[1:])
        elif word.startswith("@"):
            question.server = word[1:]
        elif word == "-x" and waiting:
            question.reverse, question.kind = waiting.pop(0), "PTR"
        elif word == "-t" and waiting:
            question.kind = waiting.pop(0).upper()
        elif word.startswith("-"):
            continue
        elif word.upper() in _TYPES:
            question.kind = word.upper()
        elif word.upper() != "IN":
            question.name = word
    return question


def _banner(invocation: Invocation) -> str:
    words = " ".join(invocation.arguments[1:])
    return f"\n; <<>> DiG {_VERSION} <<>> {words}\n;; global options: +cmd"


def _print(
    invocation: Invocation,
    question: _Question,
    resolver: Resolver,
    name: str,
    records: list[str],
    status: str,
) -> None:
    full = name.rstrip(".") + "."
    if question.shows("cmd") and "noall" not in question.switches:
        invocation.line(_banner(invocation))
    if question.shows("comments"):
        number = int.from_bytes(invocation.system.random(2))
        invocation.line(";; Got answer:")
        invocation.line(f";; ->>HEADER<<- opcode: QUERY, status: {status}, id: {number}")
        authority = 0 if records or status == "NOERROR" else 1
        counts = f"QUERY: 1, ANSWER: {len(records)}, AUTHORITY: {authority}, ADDITIONAL: 1"
        invocation.line(f";; flags: qr aa rd; {counts}")
        invocation.line(";; WARNING: recursion requested but not available\n")
        invocation.line(";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232")
    if question.shows("question"):
        invocation.line(f";; QUESTION SECTION:\n;{_tabbed(full, 23)}\tIN\t{question.kind}\n")
    if records and question.shows("answer"):
        if question.shows("comments"):
            invocation.line(";; ANSWER SECTION:")
        for record in records:
            invocation.line(f"{_tabbed(full, 24)}{_TTL}\tIN\t{question.kind}\t{record}")
        if question.shows("comments"):
            invocation.line()
    elif not records and status != "NOERROR" and question.shows("authority"):
        soa = "ns.dns.cluster.local. hostmaster.cluster.local. 1790000000 7200 1800 86400 30"
        invocation.line(f";; AUTHORITY SECTION:\ncluster.local.\t\t{_TTL}\tIN\tSOA\t{soa}\n")
    if question.shows("stats"):
        then = moment(invocation.system.now_ms).strftime("%a %b %d %H:%M:%S UTC %Y")
        invocation.line(";; Query time: 0 msec")
        invocation.line(f";; SERVER: {resolver.server}#53({resolver.server}) (UDP)")
        invocation.line(f";; WHEN: {then}\n;; MSG SIZE  rcvd: {len(full) * 2 + 40}\n")


def _tabbed(text: str, width: int) -> str:
    """The text filled up with tabs to a column."""
    if len(text) >= width:
        return text + " "
    return text + "\t" * -(-(width - len(text)) // 8)


COMMAND = Command("dig", run)
