"""What can be done with sessions. Permissions are checked by `selectors.session_open`."""

from __future__ import annotations

import datetime

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from playground.hosting.host import ClusterPlan, HostFull, parse_speed
from playground.hosting.selectors import site_host
from playground.lab_sessions import secrets
from playground.lab_sessions.kinds import Kind, notice, policy_of
from playground.lab_sessions.life import State, next_moment
from playground.lab_sessions.lifetimes import session_end as session_end
from playground.lab_sessions.lifetimes import session_expire as session_expire
from playground.lab_sessions.lifetimes import session_extend as session_extend
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.plans import Wishes, speed_text
from playground.lab_sessions.problems import Full, TooMany
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import announcer, entry_note, sessions_of_address
from playground.lab_sessions.sharing.people import session_join as session_join
from playground.lab_sessions.visitors import Visitor

_MINUTE = datetime.timedelta(minutes=1)


async def session_start(
    *,
    wishes: Wishes,
    visitor: Visitor,
    address: str,
    kind: Kind = Kind.GUEST,
    reserved_until: datetime.datetime | None = None,
) -> Session:
    """A new session with its cluster, owned by `visitor`. Raises TooMany, Full.

    With `reserved_until` its time begins when somebody takes it, at the latest then it goes.
    """
    key = secrets.address_key(address)
    await _check_address(key)
    session = _new_session(wishes, key, kind)
    if reserved_until is not None:
        session.state = State.RESERVED.value
        session.gone_at = session.due_at = reserved_until
    try:
        await site_host().create(session.id, _plan(session, wishes.speed))
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
        minutes=policy_of(Kind.FORK).minutes,
        speed=clock.speed,
        seed=session.seed,
    )
    twin = _new_session(wishes, key, Kind.FORK)
    twin.forked_from = session.id
    try:
        await site_host().fork(session.id, twin.id)
    except HostFull as full:
        raise Full(str(full)) from None
    await _open(twin, visitor)
    return twin


async def session_reset(*, session: Session) -> None:
    """A new cluster, as the first one was when it was new. Raises UnknownCluster."""
    await site_host().renew(session.id, _plan(session, speed_of(session)))


def speed_of(session: Session) -> float:
    """The speed a session was started with."""
    return parse_speed(session.speed)


def _plan(session: Session, speed: float) -> ClusterPlan:
    return ClusterPlan(
        name=session.name,
        nodes=session.nodes,
        seed=session.seed,
        speed=speed,
        limits={"objects_max": settings.PODYARD_SESSION_OBJECTS_MAX},
    )


async def _check_address(key: str) -> None:
    live, recent = await sessions_of_address(key)
    if live >= settings.PODYARD_SESSIONS_PER_ADDRESS_MAX:
        raise TooMany(
            f"{live} sessions are running from your address, and no more are allowed; "
            "end one, or wait until one ends"
        )
    if recent >= settings.PODYARD_SESSION_STARTS_PER_ADDRESS_MINUTE_MAX:
        raise TooMany("too many sessions were started from your address; wait a minute")


def _new_session(wishes: Wishes, address: str, kind: Kind) -> Session:
    now = timezone.now()
    policy = policy_of(kind)
    expires_at = now + wishes.minutes * _MINUTE
    session = Session(
        id=secrets.new_id(),
        name=wishes.name,
        kind=kind.value,
        nonce=secrets.new_nonce(),
        nodes=wishes.nodes,
        seed=wishes.seed,
        speed=speed_text(wishes.speed),
        address=address,
        created_at=now,
        expires_at=expires_at,
        gone_at=expires_at + policy.read_only_minutes * _MINUTE,
        active_at=now,
    )
    session.due_at = next_moment(session, policy, notice(), now)
    return session


async def _open(session: Session, visitor: Visitor) -> None:
    try:
        await _save(session, visitor)
    except BaseException:
        await site_host().close(session.id)
        raise
    entry_note(session)
    announcer().plan_changed()


@sync_to_async
def _save(session: Session, visitor: Visitor) -> None:
    with transaction.atomic():
        session.save(force_insert=True)
        Membership.objects.create(
            session=session,
            visitor=visitor.id,
            role=Role.OWNER.value,
            name=visitor.name,
            color=visitor.color,
            joined_at=session.created_at,
        )
