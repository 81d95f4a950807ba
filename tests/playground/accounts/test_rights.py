"""Who has which right: by group, by a one-time link, or as a superuser."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from playground.accounts.models import Grant, Invitation, Person
from playground.accounts.problems import LinkRefused
from playground.accounts.rights import Right
from playground.accounts.selectors import account_of, has_right
from playground.accounts.services import invitation_make, invitation_redeem
from playground.accounts.visitors import new_visitor

pytestmark = pytest.mark.django_db(transaction=True)


async def somebody(name: str, **fields: Any) -> Person:
    """An account and the visitor it is."""
    user = await User.objects.acreate(username=name, **fields)
    made = new_visitor()
    return await Person.objects.acreate(
        user=user, visitor=made.id, name=name, color=made.color, created_at=timezone.now()
    )


async def rights_of(visitor_id: str) -> list[Right]:
    return [right for right in Right if await has_right(visitor_id, right)]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("teacher", [Right.TEACH]),
        ("reviewer", [Right.REVIEW]),
        ("operator", [Right.OPERATE]),
        (None, []),
    ],
    ids=["a teacher", "a reviewer", "an operator", "an account like any other"],
)
async def test_a_group_gives_its_right(group: str | None, expected: list[Right]) -> None:
    person = await somebody("ada")
    if group is not None:
        await person.user.groups.aadd(await Group.objects.aget(name=group))
    assert await rights_of(person.visitor) == expected


async def test_a_superuser_has_every_right() -> None:
    person = await somebody("root", is_superuser=True)
    assert await rights_of(person.visitor) == list(Right)


async def test_an_account_that_was_switched_off_has_none() -> None:
    person = await somebody("root", is_superuser=True, is_active=False)
    assert await rights_of(person.visitor) == []
    assert await account_of(person.visitor) is None


async def test_an_account_is_found_by_its_visitor() -> None:
    person = await somebody("ada")
    assert await account_of(person.visitor) == person.user
    assert await account_of("a guest") is None


def token_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


async def test_a_link_gives_its_right_once_and_for_a_while() -> None:
    path = await invitation_make(right=Right.TEACH)
    assert path.startswith("/teach/welcome/")
    guest, late = new_visitor(), new_visitor()
    assert await invitation_redeem(token=token_of(path), visitor=guest) is Right.TEACH
    assert await rights_of(guest.id) == [Right.TEACH]
    with pytest.raises(LinkRefused, match="only once"):
        await invitation_redeem(token=token_of(path), visitor=late)
    assert await rights_of(late.id) == []
    await Grant.objects.aupdate(expires_at=timezone.now())
    assert await rights_of(guest.id) == []


async def test_a_link_does_not_wait_for_ever() -> None:
    path = await invitation_make(right=Right.REVIEW)
    await Invitation.objects.aupdate(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    with pytest.raises(LinkRefused, match="too old"):
        await invitation_redeem(token=token_of(path), visitor=new_visitor())


async def test_a_token_that_was_made_up_is_refused_and_none_is_stored() -> None:
    path = await invitation_make(right=None)
    with pytest.raises(LinkRefused, match="wrong"):
        await invitation_redeem(token="made-up", visitor=new_visitor())
    invitation = await Invitation.objects.aget()
    assert token_of(path) not in str(invitation.__dict__)
