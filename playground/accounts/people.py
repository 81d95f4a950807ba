"""From a guest to an account and back: who the visitor of a browser is.

An account's visitor id is never one that a guest had: whoever kept a copy of the guest's cookie, on
a shared computer say, must not get the account with it.
"""

from __future__ import annotations

import secrets
import time

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from playground.accounts.models import NAME_LENGTH_MAX, FormerVisitor, Person
from playground.accounts.personal_data import holdings
from playground.accounts.visitors import Visitor, new_visitor

_DAY_SECONDS = 86_400


def visitor_for(person: Person) -> Visitor:
    """The visitor that a browser becomes when the person logs in, now."""
    until = int(time.time()) + settings.PODYARD_LOGIN_DAYS * _DAY_SECONDS
    return Visitor(person.visitor, person.name, person.color, until)


@transaction.atomic
def person_enter(*, user: User, guest: Visitor | None) -> Person:
    """The person of an account; what the browser's guest had becomes theirs."""
    person, _ = Person.objects.select_for_update().get_or_create(
        user=user,
        defaults={
            "visitor": _new_id(),
            "name": (user.get_full_name() or user.get_username())[:NAME_LENGTH_MAX],
            "color": (guest or new_visitor()).color,
            "created_at": timezone.now(),
        },
    )
    if guest is not None and guest.id != person.visitor and not _is_taken(guest.id):
        _move(person, guest.id)
    return person


@transaction.atomic
def person_log_out_everywhere(*, person: Person) -> Person:
    """A new visitor id: every cookie of the account, stolen ones too, names nobody any more."""
    old = person.visitor
    person.visitor = _new_id()
    person.save(update_fields=["visitor"])
    _move(person, old)
    return person


def is_account_visitor(visitor: Visitor) -> bool:
    """Whether that visitor belongs, or once belonged, to an account."""
    return visitor.has_account or _is_taken(visitor.id)


def _move(person: Person, old: str) -> None:
    new = visitor_for(person)
    for holding in holdings():
        holding.move(old, new)
    FormerVisitor.objects.create(person=person, visitor=old, until=timezone.now())


def _is_taken(visitor_id: str) -> bool:
    return (
        Person.objects.filter(visitor=visitor_id).exists()
        or FormerVisitor.objects.filter(visitor=visitor_id).exists()
    )


def _new_id() -> str:
    return secrets.token_hex(8)
