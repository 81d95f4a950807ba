"""What becomes of a session in time: extended, overrun, expired, asleep, awake, ended.

Every change of state passes `_move`: the table in life.py says whether it may happen, and the
database whether it still can (another process may have been quicker).
"""

from __future__ import annotations

import copy
import datetime
from dataclasses import replace
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.accounts.visitors import Visitor
from playground.hosting.host import UnknownCluster
from playground.hosting.selectors import site_host
from playground.lab_sessions import life
from playground.lab_sessions.admissions import Admission
from playground.lab_sessions.kinds import Kind, notice, policy_of
from playground.lab_sessions.life import EndReason, Event, State
from playground.lab_sessions.models import Session
from playground.lab_sessions.problems import Forbidden
from playground.lab_sessions.selectors import (
    access_book,
    activity,
    announcer,
    ended_problem,
    entry_note,
    extendable_minutes,
    session_admit,
)

_MINUTE = datetime.timedelta(minutes=1)
_HOUR = datetime.timedelta(hours=1)
#: One that wakes with less than that left may be extended before it ends.
_WAKE_SECONDS_MIN = 300


async def session_extend(*, session: Session, minutes: int | None = None) -> Session:
    """Some more minutes; an expired session runs again. Raises Forbidden when none are left.

    `minutes` is for those who set the times themselves, such as a teacher; it is not counted.
    """
    if session.state == State.HIBERNATED:
        session = await session_wake(session=session)
    more = minutes or extendable_minutes(session)
    if not more:
        most = policy_of(session.kind).extensions_max
        raise Forbidden(f"a session can be extended {most} times; export it, or fork it")
    if not site_host().has(session.id):
        raise ended_problem(session)
    was_expired = session.state == State.EXPIRED
    now = timezone.now()
    expires_at = max(session.expires_at, now) + more * _MINUTE
    await _move(
        session,
        Event.EXTEND,
        now,
        expires_at=expires_at,
        gone_at=expires_at + policy_of(session.kind).read_only_minutes * _MINUTE,
        extensions=session.extensions + (0 if minutes else 1),
        active_at=now,
        ended_because="",
        ended_at=None,
    )
    if was_expired:
        await site_host().clock_set(session.id, is_paused=False)
    await announcer().session_changed(session)
    return session


async def session_overrun(*, session: Session, now: datetime.datetime | None = None) -> None:
    """Time is up, and people are at work: they have a few more minutes."""
    await _move(session, Event.OVERRUN, now or timezone.now())
    await announcer().session_changed(session)


async def session_expire(
    *,
    session: Session,
    because: EndReason = EndReason.TIME_UP,
    now: datetime.datetime | None = None,
) -> None:
    """Time is up: from now on it can only be looked at and exported."""
    now = now or timezone.now()
    kept_until = now + policy_of(session.kind).read_only_minutes * _MINUTE
    reason = because.value
    await _move(session, Event.EXPIRE, now, gone_at=kept_until, ended_because=reason, ended_at=now)
    try:
        await site_host().clock_set(session.id, is_paused=True)
    except UnknownCluster:
        await session_end(session=session, because=EndReason.LOST)
        return
    await announcer().session_changed(session)


async def session_hibernate(*, session: Session, now: datetime.datetime | None = None) -> None:
    """Nobody is there: its memory is given back, and its time stands still."""
    now = now or timezone.now()
    left = max(0, int((session.expires_at - now).total_seconds()))
    kept_until = now + policy_of(session.kind).hibernated_hours * _HOUR
    await _move(session, Event.HIBERNATE, now, left_seconds=left, gone_at=kept_until)
    await announcer().session_changed(session)
    try:
        await site_host().hibernate(session.id)
    except UnknownCluster:
        await session_end(session=session, because=EndReason.LOST)
    announcer().plan_changed()


async def session_wake(*, session: Session) -> Session:
    """Somebody has come back: its time goes on. One that is awake already stays as it is."""
    now = timezone.now()
    left = max(session.left_seconds, _WAKE_SECONDS_MIN)
    expires_at = now + datetime.timedelta(seconds=left)
    kept_until = expires_at + policy_of(session.kind).read_only_minutes * _MINUTE
    try:
        await _move(
            session, Event.WAKE, now, expires_at=expires_at, gone_at=kept_until, active_at=now
        )
    except life.IllegalEvent:
        await session.arefresh_from_db()
        return session
    # Any call brings the cluster back, and its clock goes on.
    await site_host().call(session.id, Request("GET", "/version", user=ADMIN))
    await announcer().session_changed(session)
    return session


async def session_take(*, session: Session) -> Session:
    """The person that the session was held for has come: its time begins, once."""
    now = timezone.now()
    expires_at = now + (session.expires_at - session.created_at)
    kept_until = expires_at + policy_of(session.kind).read_only_minutes * _MINUTE
    changes = {"expires_at": expires_at, "gone_at": kept_until, "active_at": now}
    try:
        await _move(session, Event.TAKE, now, **changes)
    except life.IllegalEvent:
        await session.arefresh_from_db()
        return session
    await announcer().session_changed(session)
    return session


async def session_end(
    *,
    session: Session,
    because: EndReason = EndReason.OWNER,
    now: datetime.datetime | None = None,
) -> None:
    """Ended: the cluster, its terminals and all who look on.

    One that had expired keeps the reason for that, unless somebody ends it on purpose.
    """
    now = now or timezone.now()
    if because is EndReason.LOST and session.gone_at <= now:
        # Its time was over before anybody missed it.
        because = life.REASONS_OF_TIME.get(State(session.state), because)
    ending: dict[str, Any] = {"ended_because": because.value, "ended_at": now}
    if because is EndReason.TIME_UP and session.ended_because:
        ending = {}
    await _move(session, Event.END, now, gone_at=min(session.gone_at, now), **ending)
    activity().forget(session.id)
    await announcer().session_changed(session)
    await site_host().close(session.id)
    # Only now there is room for whoever waits.
    announcer().plan_changed()


async def session_enter(
    session_id: str,
    *,
    visitor: Visitor | None,
    secret: str = "",
    needs_edit: bool = False,
    needs_own: bool = False,
    needs_end: bool = False,
) -> Admission:
    """`selectors.session_admit` for a person's own request: one that sleeps wakes, one that was
    held begins."""
    admission = await session_admit(
        session_id,
        visitor=visitor,
        secret=secret,
        needs_edit=needs_edit,
        needs_own=needs_own,
        needs_end=needs_end,
    )
    if needs_edit:
        activity().note(session_id)
    return replace(admission, session=await session_begin(session=admission.session))


async def session_begin(*, session: Session) -> Session:
    """The time of one that sleeps or was held begins; others stay as they are."""
    if session.state == State.HIBERNATED:
        return await session_wake(session=session)
    if session.state == State.RESERVED:
        return await session_take(session=session)
    return session


async def session_plan(*, session: Session, now: datetime.datetime) -> None:
    """Write down when the janitor has to look at it next, and the activity known meanwhile."""
    session.active_at = max(session.active_at, activity().last(session.id) or session.active_at)
    session.due_at = life.next_moment(session, policy_of(session.kind), notice(), now)
    await session.asave(update_fields=["active_at", "due_at"])


async def activity_save() -> None:
    """Write down who was active lately, for the other processes and for the next start."""
    taken = activity().take_changed()
    if taken:
        await _save_activity(taken)


async def sessions_forget_old(*, now: datetime.datetime) -> None:
    """Delete the records of sessions that ended long ago."""
    for kind in Kind:
        limit = now - datetime.timedelta(days=policy_of(kind).record_days)
        old = Session.objects.filter(kind=kind.value, state=State.ENDED.value, gone_at__lt=limit)
        await old.adelete()


async def _move(session: Session, event: Event, now: datetime.datetime, **changes: Any) -> None:
    """One transition, in the database first. Raises IllegalEvent; then nothing has happened."""
    before = State(session.state)
    following = life.after(before, event)
    moved = copy.copy(session)
    for name, value in {"state": following.value, **changes}.items():
        setattr(moved, name, value)
    moved.due_at = life.next_moment(moved, policy_of(moved.kind), notice(), now)
    written = {name: getattr(moved, name) for name in ("state", "due_at", *changes)}
    if not await Session.objects.filter(id=session.id, state=before.value).aupdate(**written):
        raise life.IllegalEvent(before, event)
    for name, value in written.items():
        setattr(session, name, value)
    if following is State.ENDED:
        access_book().forget(session.id)
    else:
        entry_note(session)


@sync_to_async
def _save_activity(moments: dict[str, datetime.datetime]) -> None:
    rows = list(Session.objects.filter(id__in=moments).only("id", "active_at"))
    for row in rows:
        row.active_at = max(row.active_at, moments[row.id])
    Session.objects.bulk_update(rows, ["active_at"], batch_size=200)
