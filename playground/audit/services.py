"""Adding to the log, and making a person in it anonymous. Nothing else is ever done to it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from playground.audit.chain import BEGINNING, Link, canonical, hash_of, seal_of
from playground.audit.models import Actor, Entry, Head

_NAME_LENGTH_MAX = 120
_SUBJECT_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Who:
    """The person who acted: a visitor id and a name."""

    id: str
    name: str


def audit_append(
    *, who: Who | None, action: str, subject: str, data: Mapping[str, Any] | None = None
) -> int:
    """Add an entry; gives its number. Part of the transaction that is open, if one is.

    `data` must not name people: what it says stays when a person is deleted.
    """
    with transaction.atomic():
        head, _ = Head.objects.select_for_update().get_or_create(id=1)
        link = Link(
            number=head.number + 1,
            at=timezone.now().isoformat(),
            actor=_pseudonym(who) if who is not None and who.id else "",
            action=action,
            subject=subject[:_SUBJECT_LENGTH_MAX],
            data=canonical(data or {}),
            previous=head.hash or BEGINNING,
            hash="",
        )
        hash_ = hash_of(link)
        Entry.objects.create(
            number=link.number,
            at=link.at,
            actor=link.actor,
            action=link.action,
            subject=link.subject,
            data=link.data,
            previous=link.previous,
            hash=hash_,
        )
        head.number, head.hash = link.number, hash_
        head.seal = seal_of(seal_key(), link.number, hash_)
        head.save()
    return link.number


@sync_to_async
def audit_note(
    *, who: Who | None, action: str, subject: str, data: Mapping[str, Any] | None = None
) -> int:
    """As `audit_append`, from asynchronous code, in a transaction of its own."""
    return audit_append(who=who, action=action, subject=subject, data=data)


async def person_forget(*, visitor_id: str) -> None:
    """Delete who is behind a pseudonym: the entries stay, and say nothing about a person."""
    await Actor.objects.filter(visitor=visitor_id).adelete()


def person_move(*, old: str, new: str) -> None:
    """What was a guest's is now an account's: the pseudonym stays where it can."""
    if Actor.objects.filter(visitor=new).exists():
        return
    Actor.objects.filter(visitor=old).update(visitor=new)


def seal_key() -> bytes:
    """The key that seals the head: derived from the site's."""
    return hashlib.sha256(b"podyard audit log " + settings.SECRET_KEY.encode()).digest()


def _pseudonym(who: Who) -> str:
    name = who.name[:_NAME_LENGTH_MAX]
    known = Actor.objects.filter(visitor=who.id).first()
    if known is None:
        salt = secrets.token_hex(16)
        pseudonym = hashlib.sha256(f"{salt}:{who.id}".encode()).hexdigest()[:32]
        Actor.objects.create(pseudonym=pseudonym, visitor=who.id, salt=salt, name=name)
        return pseudonym
    if known.name != name:
        known.name = name
        known.save(update_fields=["name"])
    return known.pseudonym
