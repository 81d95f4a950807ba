"""What can be done with sessions. Permissions are checked by `selectors.session_admit`."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.utils import timezone

from playground.accounts.visitors import Visitor
from playground.hosting.host import ClusterPlan, HostFull, parse_speed
from playground.hosting.selectors import site_host
from playground.lab_sessions import secrets
from playground.lab_sessions.kinds import Kind, policy_of
from playground.lab_sessions.life import EndReason
from playground.lab_sessions.lifetimes import session_end as session_end
from playground.lab_sessions.lifetimes import session_expire as session_expire
from playground.lab_sessions.lifetimes import session_extend as session_extend
from playground.lab_sessions.models import Session
from playground.lab_sessions.openings import (
    Opening,
    address_check,
    kind_check,
    session_hold,
    session_new,
    session_settle,
    template_apply,
)
from playground.lab_sessions.plans import Wishes
from playground.lab_sessions.problems import Full
from playground.lab_sessions.selectors import announcer, templates
from playground.lab_sessions.sharing.people import session_join as session_join
from playground.lab_sessions.templates import Template


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
    await address_check(key)
    return await _start(wishes, Opening(visitor, key, kind), reserved_until)


async def session_reserve(*, wishes: Wishes, opening: Opening) -> Session:
    """A session that is held for its owner for a minute: its time begins when they come.

    Raises Full. Who may was checked when they began to wait.
    """
    held = datetime.timedelta(seconds=settings.PODYARD_SESSION_RESERVED_SECONDS)
    return await _start(wishes, opening, timezone.now() + held)


async def session_fork(
    *, session: Session, visitor: Visitor, address: str, kind: Kind = Kind.FORK
) -> Session:
    """A second session whose cluster starts as a copy of this one's. Raises TooMany, Full."""
    key = secrets.address_key(address)
    await address_check(key)
    await kind_check(kind)
    clock = await site_host().clock(session.id)
    wishes = Wishes(
        name=f"{session.name} (copy)"[:60],
        nodes=session.nodes,
        minutes=policy_of(kind).minutes,
        speed=clock.speed,
        seed=session.seed,
        template=session.template,
    )
    opening = Opening(visitor, key, kind)
    twin = session_new(wishes, opening)
    twin.forked_from = session.id
    try:
        await site_host().fork(session.id, twin.id)
    except HostFull as full:
        raise Full(str(full)) from None
    await session_settle(twin, opening)
    if session.state == "expired":
        await site_host().clock_set(twin.id, is_paused=False)
    return twin


async def session_reset(*, session: Session) -> None:
    """A new cluster, as the first one was when it was new. Raises UnknownCluster."""
    template = templates().get(session.template) if session.template else None
    await site_host().renew(session.id, _plan(session, speed_of(session), template))
    if template is not None:
        await template_apply(session, template)
    await announcer().session_renewed(session, is_fresh=True)


def speed_of(session: Session) -> float:
    """The speed a session was started with."""
    return parse_speed(session.speed)


async def _start(
    wishes: Wishes, opening: Opening, reserved_until: datetime.datetime | None
) -> Session:
    await kind_check(opening.kind)
    template = templates().get(wishes.template) if wishes.template else None
    session = session_new(wishes, opening)
    if reserved_until is not None:
        session_hold(session, reserved_until)
    try:
        await site_host().create(session.id, _plan(session, wishes.speed, template))
    except HostFull as full:
        raise Full(str(full)) from None
    if template is not None:
        try:
            await template_apply(session, template)
        except BaseException:
            await site_host().close(session.id)
            raise
    await session_settle(session, opening)
    if template is not None:
        await _tell_started(session, template)
    return session


async def _tell_started(session: Session, template: Template) -> None:
    try:
        await announcer().session_started(session, template)
    except BaseException:
        await session_end(session=session, because=EndReason.LOST)
        raise


def _plan(session: Session, speed: float, template: Template | None) -> ClusterPlan:
    shape = template or Template("", "", "")
    return ClusterPlan(
        name=session.name,
        nodes=session.nodes,
        seed=session.seed,
        speed=speed,
        node_cpu=shape.node_cpu,
        node_memory=shape.node_memory,
        limits={"objects_max": settings.PODYARD_SESSION_OBJECTS_MAX},
    )
