"""What can be done with accounts and invitations."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from playground.accounts.models import Grant, Invitation
from playground.accounts.problems import LinkRefused
from playground.accounts.rights import Right
from playground.accounts.selectors import invitation_get
from playground.accounts.tokens import hash_of, new_token
from playground.accounts.visitors import Visitor

_HOUR = datetime.timedelta(hours=1)


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
