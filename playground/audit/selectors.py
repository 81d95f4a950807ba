"""Reading and checking the log. Who may is checked by those who show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from asgiref.sync import sync_to_async

from playground.audit.chain import Link, Top, problem_of
from playground.audit.models import Actor, Entry, Head
from playground.audit.services import seal_key

_CHUNK = 2_000
_SHOWN_MAX = 1_000


@sync_to_async
def entries_after(number: int, limit: int) -> list[dict[str, Any]]:
    """Entries as JSON with the names that are still known, oldest first."""
    rows = list(
        Entry.objects.filter(number__gt=number).order_by("number")[: min(limit, _SHOWN_MAX)]
    )
    known = Actor.objects.filter(pseudonym__in={row.actor for row in rows})
    names = {actor.pseudonym: actor.name for actor in known}
    return [{**_link(row).body(), "name": names.get(row.actor, "")} for row in rows]


@sync_to_async
def entries_of(visitor_id: str) -> list[dict[str, Any]]:
    """All entries of one person, for themselves."""
    actor = Actor.objects.filter(visitor=visitor_id).first()
    if actor is None:
        return []
    rows = Entry.objects.filter(actor=actor.pseudonym).order_by("number")
    return [_link(row).body() for row in rows]


@sync_to_async
def head_get() -> Top:
    """The newest entry's number and hash."""
    return top_now()


@sync_to_async
def log_verify() -> tuple[int, str]:
    """How many entries there are, and what is wrong with them; empty: nothing."""
    return verify_now()


def verify_now() -> tuple[int, str]:
    """See log_verify."""
    top = top_now()
    links = (link for link in all_links() if link.number <= top.number)
    problem = problem_of(links, top, seal_key())
    if not problem and Entry.objects.filter(number__gt=top.number).exists() and top_now() == top:
        problem = f"entry {top.number + 1} was not written by this site"
    return top.number, problem


def top_now() -> Top:
    """See head_get."""
    head = Head.objects.filter(id=1).first()
    return Top(head.number, head.hash, head.seal) if head is not None else Top(0, "", "")


def all_links() -> Iterator[Link]:
    """The whole log, by number."""
    for row in Entry.objects.order_by("number").iterator(chunk_size=_CHUNK):
        yield _link(row)


def export_lines() -> Iterator[bytes]:
    """The log as JSON lines; the last line is the head: `{"head": {…}}`."""
    top = top_now()
    for link in all_links():
        if link.number <= top.number:
            yield orjson.dumps(link.body()) + b"\n"
    yield orjson.dumps({"head": top.body()}) + b"\n"


def _link(row: Entry) -> Link:
    return Link(
        number=row.number,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        data=row.data,
        previous=row.previous,
        hash=row.hash,
    )
