"""The line before a full site: who stands where, and when a place is free. Reads only."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from playground.lab_sessions.kinds import policy_of
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Session, WaitingTicket
from playground.lab_sessions.problems import NotFound
from playground.lab_sessions.selectors import MINUTE

#: Sessions looked at to say when a place is free.
_LOOKED_AT_MAX = 5_000


def waiting(now: datetime.datetime) -> QuerySet[WaitingTicket]:
    """Those who wait and still ask, first come first."""
    patience = datetime.timedelta(seconds=settings.PODYARD_WAITING_SECONDS)
    tickets = WaitingTicket.objects.filter(session=None, seen_at__gte=now - patience)
    return tickets.order_by("created_at", "secret")


async def ticket_get(secret: str) -> WaitingTicket:
    """A ticket with its session, if its turn has come. Raises NotFound."""
    found = await WaitingTicket.objects.select_related("session").filter(secret=secret).afirst()
    if found is None:
        raise NotFound("nobody waits with this ticket any more: start again")
    return found


async def ticket_ahead(ticket: WaitingTicket, now: datetime.datetime) -> int:
    """How many stand before it."""
    return await waiting(now).filter(created_at__lt=ticket.created_at).acount()


async def expected_seconds(place: int, now: datetime.datetime) -> int | None:
    """When the place number `place` (from 1) is free at the latest, from the ends of the sessions
    there are; None when there are not so many. An extension makes it later."""
    busy = Session.objects.exclude(state__in=(State.ENDED.value, State.HIBERNATED.value))
    rows = busy.only("state", "kind", "expires_at", "gone_at", "active_at")
    moments = sorted([_free_at(session) async for session in rows[:_LOOKED_AT_MAX]])
    if len(moments) < place:
        return None
    return max(0, int((moments[place - 1] - now).total_seconds()))


def ticket_body(ticket: WaitingTicket, ahead: int, seconds: int | None) -> dict[str, Any]:
    """How it stands with a ticket, as JSON."""
    return {
        "ticket": ticket.secret,
        "position": ahead + 1,
        "ahead": ahead,
        "expected_seconds": seconds,
        "since": ticket.created_at.isoformat(),
    }


async def ticket_standing(ticket: WaitingTicket) -> dict[str, Any]:
    """The same, asked now."""
    now = timezone.now()
    ahead = await ticket_ahead(ticket, now)
    return ticket_body(ticket, ahead, await expected_seconds(ahead + 1, now))


def _free_at(session: Session) -> datetime.datetime:
    """When a session leaves its place, if nobody does anything about it."""
    policy = policy_of(session.kind)
    if session.state in (State.EXPIRED, State.RESERVED):
        return session.gone_at
    end = session.expires_at + policy.read_only_minutes * MINUTE
    if session.state == State.OVERTIME:
        return end + policy.overtime_minutes * MINUTE
    if policy.idle_minutes:
        end = min(end, session.active_at + policy.idle_minutes * MINUTE)
    return end
