"""The hash chain. Pure.

Each entry's hash covers the hash before it and its own fields in canonical JSON. The head, the
number and hash of the newest entry, is sealed with the site's key: so that neither a change, nor a
removal (also of the newest), nor another order goes unseen, nor a chain made anew without the key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

#: What the first entry follows.
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is hashed and exported."""

    number: int
    at: str
    actor: str
    action: str
    subject: str
    #: Canonical JSON.
    data: str
    previous: str
    hash: str

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "number": self.number,
            "at": self.at,
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "data": orjson.loads(self.data),
            "previous": self.previous,
            "hash": self.hash,
        }


@dataclass(frozen=True, slots=True)
class Top:
    """The number and hash of the newest entry, with the seal."""

    number: int
    hash: str
    seal: str

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {"number": self.number, "hash": self.hash, "seal": self.seal}


def canonical(value: Mapping[str, Any]) -> str:
    """One text for equal values: sorted keys, no spaces."""
    return orjson.dumps(dict(value), option=orjson.OPT_SORT_KEYS).decode()


def hash_of(link: Link) -> str:
    """What the entry's hash must be."""
    fields = {
        "number": link.number,
        "at": link.at,
        "actor": link.actor,
        "action": link.action,
        "subject": link.subject,
        "data": link.data,
        "previous": link.previous,
    }
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def seal_of(key: bytes, number: int, hash_: str) -> str:
    """The seal of a head."""
    return hmac.new(key, f"audit head {number} {hash_}".encode(), hashlib.sha256).hexdigest()


def problem_of(links: Iterable[Link], top: Top, key: bytes | None) -> str:
    """What is wrong with a chain, from its first entry on; empty when nothing is.

    Without the key the seal is not checked: then a chain made anew as a whole is not noticed.
    """
    previous, count = BEGINNING, 0
    for link in links:
        count += 1
        if link.number != count:
            return f"entry {count} is missing: entry {link.number} is in its place"
        if link.previous != previous:
            return f"entry {link.number} does not follow the entry before it"
        if link.hash != hash_of(link):
            return f"entry {link.number} has been changed"
        previous = link.hash
    if count != top.number:
        return f"the log ends with entry {count}, but {top.number} were written"
    if count and previous != top.hash:
        return f"entry {count} is not the one that was written last"
    if (
        key is not None
        and count
        and not hmac.compare_digest(top.seal, seal_of(key, count, previous))
    ):
        return "the seal of the newest entry is not this site's"
    return ""


def link_from(body: Mapping[str, Any]) -> Link:
    """An entry from an export. Raises KeyError, TypeError, ValueError when it is none."""
    return Link(
        number=int(body["number"]),
        at=str(body["at"]),
        actor=str(body["actor"]),
        action=str(body["action"]),
        subject=str(body["subject"]),
        data=canonical(body["data"]),
        previous=str(body["previous"]),
        hash=str(body["hash"]),
    )
