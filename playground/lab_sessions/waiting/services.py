"""Waiting for a place: a ticket when the site is full, a session held when its turn has come."""

from __future__ import annotations

import asyncio
import datetime
import logging
import secrets as random

from django.conf import settings
from django.utils import timezone

from playground.accounts.visitors import Visitor
from playground.lab_sessions import secrets
from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.models import Session, WaitingTicket
from playground.lab_sessions.openings import Opening, address_check
from playground.lab_sessions.plans import Wishes, read_wishes, wishes_body
from playground.lab_sessions.problems import Full, Refused, TooMany
from playground.lab_sessions.selectors import waiting_lock
from playground.lab_sessions.services import session_reserve, session_start
from playground.lab_sessions.waiting.line import ticket_standing, waiting

logger = logging.getLogger(__name__)

_KEPT = datetime.timedelta(hours=1)


async def session_ask(
    *, wishes: Wishes, visitor: Visitor, address: str, kind: Kind = Kind.GUEST
) -> Session:
    """A session now; or, when the site is full or others wait already, a ticket: then Full is
    raised, and what it says beside is how the ticket stands. Raises TooMany."""
    try:
        if await waiting(timezone.now()).aexists():
            raise Full("others are waiting for a place already")
        return await session_start(wishes=wishes, visitor=visitor, address=address, kind=kind)
    except Full as full:
        opening = Opening(visitor, secrets.address_key(address), kind)
        ticket = await ticket_take(wishes=wishes, opening=opening)
        standing = await ticket_standing(ticket)
        raise Full(full.message, beside={"waiting": standing}) from None


async def ticket_take(*, wishes: Wishes, opening: Opening) -> WaitingTicket:
    """A place in the line; a visitor who has one keeps it. Raises TooMany."""
    now = timezone.now()
    line = waiting(now)
    mine = await line.filter(visitor=opening.visitor.id, kind=opening.kind.value).afirst()
    if mine is not None:
        mine.seen_at = now
        mine.wishes = wishes_body(wishes)
        await mine.asave(update_fields=["seen_at", "wishes"])
        return mine
    await address_check(opening.address)
    if await line.acount() >= settings.PODYARD_WAITING_MAX:
        raise TooMany("so many are waiting already that there is no sense in it; come back later")
    if (
        await line.filter(address=opening.address).acount()
        >= settings.PODYARD_WAITING_PER_ADDRESS_MAX
    ):
        raise TooMany("enough people are waiting from your address already")
    return await WaitingTicket.objects.acreate(
        secret=random.token_hex(16),
        visitor=opening.visitor.id,
        name=opening.visitor.name,
        color=opening.visitor.color,
        address=opening.address,
        kind=opening.kind.value,
        wishes=wishes_body(wishes),
        created_at=now,
        seen_at=now,
    )


async def ticket_see(*, ticket: WaitingTicket) -> None:
    """Whoever holds it still asks. The first in the line has a try."""
    now = timezone.now()
    await WaitingTicket.objects.filter(secret=ticket.secret).aupdate(seen_at=now)
    if (
        not ticket.session_id
        and not await waiting(now).filter(created_at__lt=ticket.created_at).aexists()
    ):
        await waiting_serve()
        await ticket.arefresh_from_db()


async def ticket_leave(*, ticket: WaitingTicket) -> None:
    """Whoever holds it waits no more."""
    await WaitingTicket.objects.filter(secret=ticket.secret).adelete()


async def waiting_serve() -> int:
    """Hold a session for everyone whose turn has come; how many there were."""
    count = 0
    async with waiting_lock():
        while (ticket := await waiting(timezone.now()).afirst()) is not None:
            if not await _serve(ticket):
                break
            count += 1
            await asyncio.sleep(0)
    return count


async def _serve(ticket: WaitingTicket) -> bool:
    """One ticket; False when there is no room. A wish that cannot be fulfilled any more goes."""
    kind = Kind(ticket.kind)
    visitor = Visitor(ticket.visitor, ticket.name, ticket.color)
    opening = Opening(visitor, ticket.address, kind)
    try:
        session = await session_reserve(wishes=read_wishes(ticket.wishes, kind), opening=opening)
    except Full:
        return False
    except Refused:
        logger.exception("a waiting wish cannot be fulfilled")
        await ticket.adelete()
        return True
    mine = WaitingTicket.objects.filter(secret=ticket.secret, session=None)
    await mine.aupdate(session=session)
    return True


async def tickets_forget_old(*, now: datetime.datetime) -> None:
    """Delete tickets that nobody asks for any more."""
    await WaitingTicket.objects.filter(seen_at__lt=now - _KEPT).adelete()
