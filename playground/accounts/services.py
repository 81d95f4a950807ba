"""What can be done with accounts and invitations."""

from __future__ import annotations

import datetime
from dataclasses import replace

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as Login
from django.utils import timezone

from playground.accounts.models import FormerVisitor, Grant, Invitation, Person
from playground.accounts.people import person_enter, person_log_out_everywhere
from playground.accounts.personal_data import holdings
from playground.accounts.problems import LinkRefused
from playground.accounts.rights import Right
from playground.accounts.selectors import invitation_get
from playground.accounts.tokens import hash_of, new_token
from playground.accounts.visitors import Visitor

_HOUR = datetime.timedelta(hours=1)
#: What stands where a name was.
_GONE = "deleted"


async def invitation_make(
    *, right: Right | None, made_by: User | None = None, note: str = ""
) -> str:
    """A link that is good once: its path, such as `/teach/welcome/<token>/`.

    Whoever redeems it has `right` for PODYARD_INVITATION_GRANT_HOURS; without a right it only lets
    somebody sign up where that needs an invitation.
    """
    token = new_token()
    now = timezone.now()
    await Invitation.objects.acreate(
        token_hash=hash_of(token),
        right=right.value if right is not None else "",
        note=note[:120],
        made_by=made_by,
        made_at=now,
        expires_at=now + settings.PODYARD_INVITATION_HOURS * _HOUR,
        grant_hours=settings.PODYARD_INVITATION_GRANT_HOURS,
    )
    return f"/teach/welcome/{token}/" if right is Right.TEACH else f"/accounts/welcome/{token}/"


async def invitation_redeem(*, token: str, visitor: Visitor) -> Right | None:
    """Use up an invitation; gives the right that the visitor now has. Raises LinkRefused."""
    invitation = await invitation_get(token)
    now = timezone.now()
    unused = Invitation.objects.filter(pk=invitation.pk, redeemed_at__isnull=True)
    if not await unused.aupdate(redeemed_at=now, redeemed_by=visitor.id):
        raise LinkRefused("This link has been used, and is good only once. Ask for a new one.")
    if not invitation.right:
        return None
    await Grant.objects.aupdate_or_create(
        visitor=visitor.id,
        right=invitation.right,
        defaults={"expires_at": now + invitation.grant_hours * _HOUR},
    )
    return Right(invitation.right)


async def profile_change(*, visitor: Visitor, name: str, color: str) -> Visitor:
    """Another name and colour; gives the visitor that the browser is to remember."""
    if visitor.has_account:
        people = Person.objects.filter(visitor=visitor.id)
        await people.aupdate(name=name, color=color)
    changed = replace(visitor, name=name, color=color)
    for holding in holdings():
        await holding.rename(changed)
    return changed


async def person_ensure(*, user: User) -> Person:
    """The person an account is; made at its first login."""
    person = await Person.objects.filter(user=user).afirst()
    return person or await sync_to_async(person_enter)(user=user, guest=None)


async def logins_end(*, user: User, but_key: str | None) -> Person:
    """Log an account out everywhere but in one browser: its visitor id changes."""
    person = await person_ensure(user=user)
    await _logins_delete(user, but_key)
    return await sync_to_async(person_log_out_everywhere)(person=person)


async def _logins_delete(user: User, but_key: str | None = None) -> None:
    """What Django knows of an account's browsers; whose a login is, is inside its data."""
    async for login in Login.objects.exclude(session_key=but_key or ""):
        if login.get_decoded().get("_auth_user_id") == str(user.pk):
            await login.adelete()


async def everything_erase(*, visitor: Visitor, user: User | None) -> None:
    """Delete a guest or an account, and everything that says whose something was.

    Later applications first: what they keep may point at what earlier ones keep.
    """
    ids = [visitor.id]
    if user is not None:
        former = FormerVisitor.objects.filter(person__user=user)
        ids += [one.visitor async for one in former]
    for holding in reversed(holdings()):
        for visitor_id in ids:
            await holding.erase(visitor_id)
    if user is not None:
        await _logins_delete(user)
        await sync_to_async(_user_delete)(user)


def _user_delete(user: User) -> None:
    """Who did something as staff stays in that record, without a name."""
    kind = ContentType.objects.get_for_model(User)
    about = LogEntry.objects.filter(content_type=kind, object_id=str(user.pk))
    about.update(object_repr=_GONE)
    if not LogEntry.objects.filter(user=user).exists():
        user.delete()
        return
    Person.objects.filter(user=user).delete()
    user.emailaddress_set.all().delete()  # type: ignore[attr-defined]
    user.socialaccount_set.all().delete()  # type: ignore[attr-defined]
    user.groups.clear()
    user.user_permissions.clear()
    user.username, user.email = f"{_GONE}-{user.pk}", ""
    user.first_name = user.last_name = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()


async def old_forget(*, now: datetime.datetime) -> None:
    """Delete logins, rights and invitations whose time is over.

    Looks first: on most days there is nothing, and a deletion locks the table even then.
    """
    limit = now - datetime.timedelta(days=settings.PODYARD_INVITATION_RECORD_DAYS)
    for old in (
        Login.objects.filter(expire_date__lt=now),
        Grant.objects.filter(expires_at__lt=now),
        Invitation.objects.filter(expires_at__lt=limit),
    ):
        if await old.aexists():
            await old.adelete()
