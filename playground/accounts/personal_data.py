"""What is stored about people: one registry, from which come the privacy page, the download of
one's data, its deletion, and the move from a guest to an account.

Each application lists its holdings in its own `personal_data.py`, named in settings.PERSONAL_DATA.
A test fails when a model is in no holding and not among those without personal data.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils.module_loading import import_string

from playground.accounts.models import FormerVisitor, Grant, Invitation, Person
from playground.accounts.visitors import Visitor
from playground.audit.selectors import entries_of
from playground.audit.services import person_forget, person_move

Rows: TypeAlias = list[dict[str, Any]]


async def _nothing_to_show(visitor_id: str) -> Rows:
    return []


async def _nothing_to_erase(visitor_id: str) -> None:
    return None


def _nothing_to_move(old: str, new: Visitor) -> None:
    return None


async def _nothing_to_rename(visitor: Visitor) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing that is kept about people, in words and in code."""

    #: As the key of the download: a word or two, with underscores.
    key: str
    what: str
    why: str
    #: How long; `{PODYARD_…}` stands for the value of that setting.
    how_long: str
    #: The models it covers, as "app.model" in lower case.
    models: tuple[str, ...] = ()
    #: What is kept about one visitor, as JSON.
    export: Callable[[str], Awaitable[Rows]] = _nothing_to_show
    #: Delete it, or cut its tie to the person.
    erase: Callable[[str], Awaitable[None]] = _nothing_to_erase
    #: Make what is one visitor's another's (guest to account). Runs in a transaction.
    move: Callable[[str, Visitor], None] = _nothing_to_move
    #: Somebody has another name and colour.
    rename: Callable[[Visitor], Awaitable[None]] = _nothing_to_rename

    @property
    def kept(self) -> str:
        """How long, with the settings' values in place."""
        return self.how_long.format_map(_Settings())


class _Settings(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        return getattr(settings, name)


#: Models that hold nothing about anybody.
NOT_PERSONAL = (
    "auth.group",
    "auth.permission",
    "contenttypes.contenttype",
    "hosting.hostlease",
    "reviews.rulesetting",
    "socialaccount.socialapp",
)


@cache
def holdings() -> tuple[Holding, ...]:
    """Of every application, in the order of the settings."""
    return tuple(one for path in settings.PERSONAL_DATA for one in import_string(path))


async def _export_person(visitor_id: str) -> Rows:
    people = Person.objects.select_related("user").filter(visitor=visitor_id)
    return [
        {
            "username": one.user.get_username(),
            "email": one.user.email,
            "name": one.name,
            "color": one.color,
            "since": one.created_at.isoformat(),
            "last_login": one.user.last_login.isoformat() if one.user.last_login else None,
            "groups": [group.name async for group in one.user.groups.all()],
            "logins": await _logins(one),
            "former_ids": [old.visitor async for old in one.former.all()],
        }
        async for one in people
    ]


@sync_to_async
def _logins(person: Person) -> list[dict[str, str]]:
    accounts = person.user.socialaccount_set.all()  # type: ignore[attr-defined]
    return [{"provider": one.provider, "id": one.uid} for one in accounts]


async def _erase_person(visitor_id: str) -> None:
    """The account goes last of all: see services.person_erase, which deletes its user."""
    await FormerVisitor.objects.filter(person__visitor=visitor_id).adelete()


async def _export_rights(visitor_id: str) -> Rows:
    grants = Grant.objects.filter(visitor=visitor_id)
    return [{"right": g.right, "until": g.expires_at.isoformat()} async for g in grants]


async def _erase_rights(visitor_id: str) -> None:
    await Grant.objects.filter(visitor=visitor_id).adelete()
    await Invitation.objects.filter(redeemed_by=visitor_id).aupdate(redeemed_by="")


def _move_rights(old: str, new: Visitor) -> None:
    for grant in Grant.objects.filter(visitor=old):
        Grant.objects.update_or_create(
            visitor=new.id, right=grant.right, defaults={"expires_at": grant.expires_at}
        )
        grant.delete()
    Invitation.objects.filter(redeemed_by=old).update(redeemed_by=new.id)


async def _export_audit(visitor_id: str) -> Rows:
    return await entries_of(visitor_id)


async def _erase_audit(visitor_id: str) -> None:
    await person_forget(visitor_id=visitor_id)


def _move_audit(old: str, new: Visitor) -> None:
    person_move(old=old, new=new.id)


HOLDINGS = (
    Holding(
        key="cookie",
        what="A cookie with a random id, a made-up name and a colour",
        why="To know your sessions again, and to show others who is who in a shared one",
        how_long="180 days in your browser; {PODYARD_LOGIN_DAYS} days when you are logged in",
    ),
    Holding(
        key="account",
        what=(
            "If you sign up: user name, a hash of the password, name and colour, the e-mail "
            "address if you give one, logins of other sites you connect, when you last logged in, "
            "and the random ids you had before"
        ),
        why="To log you in, in any browser, and to keep what was yours as a guest",
        how_long="Until you delete the account",
        models=(
            "accounts.person",
            "accounts.formervisitor",
            "auth.user",
            "account.emailaddress",
            "account.emailconfirmation",
            "socialaccount.socialaccount",
            "socialaccount.socialtoken",
        ),
        export=_export_person,
        erase=_erase_person,
    ),
    Holding(
        key="logins",
        what="Which browsers are logged in: a random key and the account's number",
        why="To keep you logged in, and to be able to log you out everywhere",
        how_long="{PODYARD_LOGIN_DAYS} days, or until you log out",
        models=("sessions.session",),
    ),
    Holding(
        key="rights",
        what="Invitations you used, and the right each gave you",
        why="To let teachers and reviewers in by a link that is good once",
        how_long=(
            "The right: {PODYARD_INVITATION_GRANT_HOURS} hours. "
            "The record of the invitation: {PODYARD_INVITATION_RECORD_DAYS} days"
        ),
        models=("accounts.grant", "accounts.invitation"),
        export=_export_rights,
        erase=_erase_rights,
        move=_move_rights,
    ),
    Holding(
        key="audit_log",
        what="Who decided what at the review desk, under a pseudonym; the name lies beside it",
        why="So that decisions can be traced, and nobody can change what was recorded",
        how_long="The entries for good. What ties a pseudonym to you: until you delete your data",
        models=("audit.actor", "audit.entry", "audit.head"),
        export=_export_audit,
        erase=_erase_audit,
        move=_move_audit,
    ),
    Holding(
        key="staff_actions",
        what="What teachers, reviewers and operators did in the administration, and when",
        why="So that misuse can be found",
        how_long="As long as the staff member's account",
        models=("admin.logentry",),
    ),
)
