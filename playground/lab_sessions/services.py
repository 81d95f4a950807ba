"""What can be done with sessions. Permissions are checked by `selectors.session_open`."""

from __future__ import annotations

import datetime

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from playground.hosting.host import ClusterPlan, HostFull, UnknownCluster, parse_speed
from playground.hosting.selectors import site_host
from playground.lab_sessions import secrets
from playground.lab_sessions.models import Membership, Session, State
from playground.lab_sessions.plans import Wishes, speed_text
from playground.lab_sessions.problems import Ended, Forbidden, Full, TooMany
from playground.lab_sessions.roles import Role, stronger
from playground.lab_sessions.selectors import (
    access_book,
    announcer,
    extendable_minutes,
    sessions_of_address,
)
from playground.lab_sessions.visitors import Visitor

_MINUTE = datetime.timedelta(minutes=1)


async def session_start(*, wishes: Wishes, visitor: Visitor, address: str) -> Session:
    """A new session with its cluster, owned by `visitor`. Raises TooMany, Full."""
    key = secrets.address_key(address)
    await _check_address(key)
    session = _new_session(wishes, key)
    plan = ClusterPlan(
        name=session.name,
        nodes=wishes.nodes,
        seed=wishes.seed,
        speed=wishes.speed,
        limits={"objects_max": settings.PODYARD_SESSION_OBJECTS_MAX},
    )
    try:
        await site_host().create(session.id, plan)
    except HostFull as full:
        raise Full(str(full)) from None
    await _open(session, visitor)
    return session


async def session_fork(*, session: Session, visitor: Visitor, address: str) -> Session:
    """A second session whose cluster starts as a copy of this one's. Raises TooMany, Full."""
    key = secrets.address_key(address)
    await _check_address(key)
    clock = await site_host().clock(session.id)
    wishes = Wishes(
        name=f"{session.name} (copy)"[:60],
        nodes=session.nodes,
        minutes=settings.PODYARD_SESSION_MINUTES,
        speed=clock.speed,
        seed=session.seed,
    )
    twin = _new_session(wishes, key)
    twin.forked_from = session.id
    try:
        await site_host().fork(session.id, twin.id)
    except HostFull as full:
        raise Full(str(full)) from None
    await _open(twin, visitor)
    return twin


async def session_extend(*, session: Session) -> Session:
    """Some more minutes; a read-only session runs again. Raises Forbidden when none are left."""
    minutes = extendable_minutes(session)
    if not minutes:
        most = settings.PODYARD_SESSION_EXTENSIONS_MAX
        raise Forbidden(f"a session can be extended {most} times; export it, or fork it")
    if not site_host().has(session.id):
        raise Ended("This session has ended.")
    now = timezone.now()
    session.expires_at = max(session.expires_at, now) + minutes * _MINUTE
    session.gone_at = session.expires_at + settings.PODYARD_SESSION_READ_ONLY_MINUTES * _MINUTE
    session.extensions += 1
    session.state = State.RUNNING
    await session.asave()
    access_book().note(session.id, session.nonce, is_read_only=False)
    await announcer().session_changed(session)
    return session


async def session_expire(*, session: Session) -> None:
    """Time is up: from now on it can only be looked at and exported."""
    session.state = State.READ_ONLY
    await session.asave(update_fields=["state"])
    access_book().note(session.id, session.nonce, is_read_only=True)
    try:
        await site_host().clock_set(session.id, is_paused=True)
    except UnknownCluster:
        await session_end(session=session)
        return
    await announcer().session_changed(session)


async def session_end(*, session: Session) -> None:
    """Gone: the cluster, its terminals and all who look on."""
    session.state = State.GONE
    session.gone_at = min(session.gone_at, timezone.now())
    await session.asave(update_fields=["state", "gone_at"])
    access_book().forget(session.id)
    await announcer().session_changed(session)
    await site_host().close(session.id)


async def session_join(*, session: Session, visitor: Visitor, role: Role) -> Role:
    """Let a visitor in with a role; a stronger one that it has already stays."""
    member = await Membership.objects.filter(session=session, visitor=visitor.id).afirst()
    best = stronger(Role(member.role) if member else None, role) or role
    await Membership.objects.aupdate_or_create(
        session=session,
        visitor=visitor.id,
        defaults={"role": best.value},
        create_defaults={"role": best.value, "joined_at": timezone.now()},
    )
    return best


async def sessions_forget_old(*, now: datetime.datetime) -> None:
    """Delete the records of sessions that have been gone for long."""
    limit = now - datetime.timedelta(days=settings.PODYARD_SESSION_RECORD_DAYS)
    await Session.objects.filter(state=State.GONE, gone_at__lt=limit).adelete()


def speed_of(session: Session) -> float:
    """The speed a session was started with."""
    return parse_speed(session.speed)


async def _check_address(key: str) -> None:
    live, recent = await sessions_of_address(key)
    if live >= settings.PODYARD_SESSIONS_PER_ADDRESS_MAX:
        raise TooMany(
            f"{live} sessions are running from your address, and no more are allowed; "
            "end one, or wait until one ends"
        )
    if recent >= settings.PODYARD_SESSION_STARTS_PER_ADDRESS_MINUTE_MAX:
        raise TooMany("too many sessions were started from your address; wait a minute")


def _new_session(wishes: Wishes, address: str) -> Session:
    now = timezone.now()
    expires_at = now + wishes.minutes * _MINUTE
    return Session(
        id=secrets.new_id(),
        name=wishes.name,
        nonce=secrets.new_nonce(),
        nodes=wishes.nodes,
        seed=wishes.seed,
        speed=speed_text(wishes.speed),
        address=address,
        created_at=now,
        expires_at=expires_at,
        gone_at=expires_at + settings.PODYARD_SESSION_READ_ONLY_MINUTES * _MINUTE,
    )


async def _open(session: Session, visitor: Visitor) -> None:
    try:
        await _save(session, visitor)
    except BaseException:
        await site_host().close(session.id)
        raise
    access_book().note(session.id, session.nonce, is_read_only=False)
    announcer().plan_changed()


@sync_to_async
def _save(session: Session, visitor: Visitor) -> None:
    with transaction.atomic():
        session.save(force_insert=True)
        Membership.objects.create(
            session=session,
            visitor=visitor.id,
            role=Role.OWNER.value,
            joined_at=session.created_at,
        )
