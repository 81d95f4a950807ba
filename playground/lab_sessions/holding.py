"""Sessions whose time somebody else sets, such as a teacher: ended at a moment, held, let go.

While a session is held its time stands still: the janitor has no appointment with it. When it is
let go, its end is later by as long as it was held.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

from playground.hosting.host import UnknownCluster
from playground.hosting.selectors import site_host
from playground.lab_sessions.kinds import notice, policy_of
from playground.lab_sessions.life import State, next_moment
from playground.lab_sessions.models import Session
from playground.lab_sessions.selectors import announcer

_MINUTE = datetime.timedelta(minutes=1)
_TIMED = (State.RUNNING.value, State.OVERTIME.value)


def is_held(session: Session) -> bool:
    """Whether its time stands still."""
    return session.state in _TIMED and session.due_at is None


async def session_end_at(*, session: Session, moment: datetime.datetime) -> None:
    """It ends then, instead of when it would have. One that is held stays so."""
    was_held = is_held(session)
    session.expires_at = moment
    session.gone_at = moment + policy_of(session.kind).read_only_minutes * _MINUTE
    if session.state == State.OVERTIME and moment > timezone.now():
        session.state = State.RUNNING.value
    await _save(session, is_kept_held=was_held)


async def session_hold(*, session: Session) -> None:
    """Its time and its clock stand still."""
    if session.state in _TIMED:
        await _pause(session, is_paused=True)
        await _save(session, is_kept_held=True)


async def session_let_go(*, session: Session, after: datetime.timedelta) -> None:
    """Its time goes on, with as much of it left as when it was held."""
    if is_held(session):
        session.expires_at += after
        session.gone_at += after
        await _pause(session, is_paused=False)
        await _save(session, is_kept_held=False)


async def _save(session: Session, *, is_kept_held: bool) -> None:
    now = timezone.now()
    due_at = next_moment(session, policy_of(session.kind), notice(), now)
    session.due_at = None if is_kept_held else due_at
    await session.asave(update_fields=["state", "expires_at", "gone_at", "due_at"])
    await announcer().session_changed(session)


async def _pause(session: Session, *, is_paused: bool) -> None:
    try:
        await site_host().clock_set(session.id, is_paused=is_paused)
    except UnknownCluster:
        return
