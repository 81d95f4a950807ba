"""What people are told about the end of a session: why, when, and what can still be done."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from playground.lab_sessions.kinds import notice
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.models import Session

_MINUTE = datetime.timedelta(minutes=1)
#: Whole sentences, without their full stop.
_REASONS = {
    EndReason.TIME_UP: "Its time was up",
    EndReason.OWNER: "Its owner ended it",
    EndReason.OPERATOR: "The people who run this site ended it",
    EndReason.CLASSROOM: "The class is over",
    EndReason.UNUSED: "Nobody had used it for a long time",
    EndReason.NOT_TAKEN: "It was held for somebody who did not come",
    EndReason.LOST: "The server could not bring it back after a restart",
    EndReason.ACCOUNT_DELETED: "Its owner's account was deleted",
    EndReason.UNKNOWN: "Why was not written down",
}


def reason_sentence(session: Session) -> str:
    """Why it expired or ended, without a full stop; empty while it lives."""
    if not session.ended_because:
        return ""
    return _REASONS[EndReason(session.ended_because)]


def ended_text(session: Session) -> str:
    """Why and when a session ended, in one line for every client."""
    if not session.ended_because or session.ended_at is None:
        return "This session has ended. Start a new one: it takes a second."
    reason = reason_sentence(session)
    return (
        f"This session ended on {_moment(session.ended_at)}: {reason[0].lower()}{reason[1:]}. "
        "Start a new one: it takes a second."
    )


def read_only_text(session: Session) -> str:
    """What is said to who wants to change an expired session."""
    reason = reason_sentence(session) or _REASONS[EndReason.TIME_UP]
    return (
        f"This session has ended and can only be looked at: {reason[0].lower()}{reason[1:]}. "
        f"It can be exported and forked until {_moment(session.gone_at)}."
    )


def warning_text(session: Session, now: datetime.datetime | None = None) -> str:
    """What to tell people about the end of the session; empty when it is far."""
    now = now or timezone.now()
    if session.state == State.EXPIRED:
        left = _minutes(session.gone_at - now)
        return f"{reason_sentence(session)}. It can be looked at and exported for {left}."
    if session.state == State.OVERTIME:
        return "Its time is over. You have a few more minutes to finish; extend it, or export it."
    left_of_time = session.expires_at - now
    is_live = session.state == State.RUNNING
    if is_live and left_of_time <= notice().first_minutes * _MINUTE:
        return f"This session ends in {_minutes(left_of_time)}."
    return ""


def standing_text(session: Session, now: datetime.datetime | None = None) -> str:
    """How it stands with a session, in a list: what is left of it, or why it ended."""
    now = now or timezone.now()
    match State(session.state):
        case State.ENDED:
            when = f"Ended on {_moment(session.ended_at)}" if session.ended_at else "Ended"
            reason = reason_sentence(session)
            return f"{when}: {reason[0].lower()}{reason[1:]}." if reason else f"{when}."
        case State.EXPIRED:
            return (
                f"{reason_sentence(session)}. It can be looked at, exported and forked for "
                f"{_span(session.gone_at - now)}."
            )
        case State.HIBERNATED:
            return f"Asleep: its time stands still. It is kept for {_span(session.gone_at - now)}."
        case State.RESERVED:
            return "Held for you: its time begins when you open it."
        case State.OVERTIME:
            return "Its time is over; you have a few more minutes."
    return f"{_span(session.expires_at - now)} left."


def ended_details(session: Session) -> dict[str, Any]:
    """The end as JSON: `{"because", "reason", "ended_at", "kept_until"}`."""
    kept = session.gone_at if session.state != State.ENDED else None
    return {
        "because": session.ended_because or EndReason.UNKNOWN.value,
        "reason": reason_sentence(session),
        "ended_at": session.ended_at.isoformat() if session.ended_at else None,
        "kept_until": kept.isoformat() if kept else None,
    }


def _moment(moment: datetime.datetime) -> str:
    return f"{moment:%-d %B at %H:%M} UTC"


def _span(span: datetime.timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:
        return _minutes(span)
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"


def _minutes(span: datetime.timedelta) -> str:
    count = max(1, round(span.total_seconds() / 60))
    return "1 minute" if count == 1 else f"{count} minutes"
