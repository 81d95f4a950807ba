"""Links that let others in: made, listed, used and revoked."""

from __future__ import annotations

import datetime
import io
from typing import Any

import segno
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from playground.accounts.visitors import Visitor
from playground.lab_sessions.admissions import Admission
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Membership, Session, ShareLink
from playground.lab_sessions.problems import LinkOver, NotFound, TooMany
from playground.lab_sessions.roles import FORK, Role
from playground.lab_sessions.secrets import link_secret, read_link_secret
from playground.lab_sessions.selectors import ended_problem
from playground.lab_sessions.sharing.people import member_remove, members_of, session_join
from playground.lab_sessions.sharing.wishes import LinkWish

_OVER = "This link does not let anybody in any more. Ask who sent it for a new one."


async def link_make(*, admission: Admission, wish: LinkWish) -> ShareLink:
    """A new link. The caller's right to share was checked. Raises TooMany."""
    session, now = admission.session, timezone.now()
    most = settings.PODYARD_LINKS_PER_SESSION_MAX
    if await ShareLink.objects.filter(good(now), session=session).acount() >= most:
        raise TooMany(f"{most} links lead into this session; revoke one first")
    if await ShareLink.objects.filter(session=session).acount() >= most * 10:
        raise TooMany("too many links were made for this session")
    expires_at = now + datetime.timedelta(minutes=wish.minutes) if wish.minutes else None
    return await ShareLink.objects.acreate(
        session=session,
        role=wish.role,
        label=wish.label,
        created_by=admission.person.id,
        created_at=now,
        expires_at=expires_at,
        uses_max=wish.uses,
    )


async def link_revoke(*, admission: Admission, number: int, is_clearing: bool) -> int:
    """From now on it lets nobody in; with `is_clearing` those it let in leave too: how many did."""
    session = admission.session
    link = await link_get(session, number)
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        await link.asave(update_fields=["revoked_at"])
    if not is_clearing:
        return 0
    came = [member for member in await members_of(session) if member.link_id == link.id]
    gone = [one for one in came if Role(one.role) is not Role.OWNER]
    for member in gone:
        await member_remove(session=session, member=member, reason="the link you came by is over")
    return len(gone)


async def link_join(*, session: Session, secret: str, visitor: Visitor) -> Role:
    """Let a visitor in by a link; who came by it before comes again.

    Raises NotFound, Ended, LinkOver, TooMany.
    """
    link = await _link(session, secret, is_fork=False)
    member = await Membership.objects.filter(session=session, visitor=visitor.id).afirst()
    if member is not None and member.link_id == link.id:
        return Role(member.role)
    if not await _use(link.id):
        raise LinkOver(_OVER)
    return await session_join(session=session, visitor=visitor, role=Role(link.role), link=link)


@sync_to_async
def _use(link: int) -> bool:
    """Count one more, in one statement, so that two who come at once cannot both be the last."""
    with transaction.atomic():
        usable = ShareLink.objects.filter(good(timezone.now()), id=link)
        return bool(usable.update(uses=F("uses") + 1))


async def link_use(*, link: ShareLink) -> None:
    """Count one more who comes by it. Raises LinkOver."""
    if not await _use(link.id):
        raise LinkOver(_OVER)


async def link_of_secret(session: Session, secret: str, *, is_fork: bool = False) -> ShareLink:
    """The link with that secret, if it still lets anybody in (or gives copies, with `is_fork`).

    Raises NotFound, Ended, LinkOver.
    """
    link = await _link(session, secret, is_fork=is_fork)
    if not is_good(link, timezone.now()):
        raise LinkOver(_OVER)
    return link


async def _link(session: Session, secret: str, *, is_fork: bool) -> ShareLink:
    if session.state == State.ENDED:
        raise ended_problem(session)
    number = read_link_secret(session.id, session.nonce, secret)
    if number is None:
        raise NotFound("this link is wrong")
    link = await link_get(session, number)
    if (link.role == FORK) != is_fork:
        raise NotFound("this link is wrong")
    return link


async def link_get(session: Session, number: int) -> ShareLink:
    """One link. Raises NotFound."""
    found = await ShareLink.objects.filter(session=session, id=number).afirst()
    if found is None:
        raise NotFound(f"there is no link {number}")
    return found


async def links_of(session: Session) -> list[ShareLink]:
    """Every link of a session, newest first: also those that are over, for who came by them."""
    return [link async for link in ShareLink.objects.filter(session=session).order_by("-id")]


def good(now: datetime.datetime) -> Q:
    """The links that let somebody in."""
    return (
        Q(revoked_at=None)
        & (Q(expires_at=None) | Q(expires_at__gt=now))
        & (Q(uses_max=None) | Q(uses__lt=F("uses_max")))
    )


def is_good(link: ShareLink, now: datetime.datetime) -> bool:
    """Whether it lets somebody in."""
    return (
        link.revoked_at is None
        and (link.expires_at is None or link.expires_at > now)
        and (link.uses_max is None or link.uses < link.uses_max)
    )


def link_path(session: Session, link: ShareLink) -> str:
    """Where a link leads."""
    use = "fork" if link.role == FORK else "join"
    return f"/s/{session.id}/{use}/{link_secret(session.id, session.nonce, link.id)}/"


def link_body(session: Session, link: ShareLink, base_url: str, came: list[str]) -> dict[str, Any]:
    """A link as JSON; `came` are the ids of those in the session who came by it."""
    return {
        "id": link.id,
        "role": link.role,
        "label": link.label,
        "url": base_url + link_path(session, link),
        "state": _state(link, timezone.now()),
        "created_at": link.created_at.isoformat(),
        "created_by": link.created_by,
        "expires_at": link.expires_at.isoformat() if link.expires_at else None,
        "uses": link.uses,
        "uses_max": link.uses_max,
        "people": came,
    }


def _state(link: ShareLink, now: datetime.datetime) -> str:
    if link.revoked_at is not None:
        return "revoked"
    if link.expires_at is not None and link.expires_at <= now:
        return "expired"
    return "good" if is_good(link, now) else "used-up"


def qr_svg(url: str) -> bytes:
    """An address as a QR code, dark on light whatever the theme: cameras want it so."""
    out = io.BytesIO()
    segno.make(url, error="m").save(
        out, kind="svg", scale=4, border=3, dark="#17222c", light="#ffffff", xmldecl=False
    )
    return out.getvalue()
