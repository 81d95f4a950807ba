"""Questions about people and their rights. Nothing here changes anything."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from playground.accounts.models import Grant, Invitation, Person
from playground.accounts.personal_data import holdings
from playground.accounts.problems import LinkRefused
from playground.accounts.rights import Right
from playground.accounts.tokens import hash_of


async def account_of(visitor_id: str) -> User | None:
    """The account that a visitor is logged in with, None for guests."""
    people = Person.objects.select_related("user")
    person = await people.filter(visitor=visitor_id, user__is_active=True).afirst()
    return None if person is None else person.user


async def has_right(visitor_id: str, right: Right) -> bool:
    """Whether a visitor may do that: by a group of their account, or by a link that was theirs."""
    of_account = Q(user__is_superuser=True) | Q(user__groups__name=right.group)
    people = Person.objects.filter(of_account, visitor=visitor_id, user__is_active=True)
    if await people.aexists():
        return True
    grants = Grant.objects.filter(visitor=visitor_id, right=right.value)
    return await grants.filter(expires_at__gt=timezone.now()).aexists()


async def rights_of(visitor_id: str) -> list[Right]:
    """Every right a visitor has."""
    return [right for right in Right if await has_right(visitor_id, right)]


async def data_of(visitor_id: str) -> dict[str, list[dict[str, Any]]]:
    """Everything that is stored about a visitor, by kind."""
    return {one.key: await one.export(visitor_id) for one in holdings()}


async def invitation_get(token: str) -> Invitation:
    """The invitation that a link is. Raises LinkRefused."""
    invitation = await Invitation.objects.filter(token_hash=hash_of(token)).afirst()
    if invitation is None:
        raise LinkRefused("This link is wrong. Ask for a new one.")
    if invitation.redeemed_at is not None:
        raise LinkRefused("This link has been used, and is good only once. Ask for a new one.")
    if invitation.expires_at <= timezone.now():
        raise LinkRefused("This link is too old. Ask for a new one.")
    return invitation
