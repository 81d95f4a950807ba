"""What the live part does when a session changes."""

from __future__ import annotations

from playground.lab_sessions.models import Session, State
from playground.lab_sessions.selectors import extendable_minutes, session_warning
from playground.live.selectors import rooms, terminals


async def session_show(session: Session) -> None:
    """Tell the browsers in a session what became of it; a session that is gone sends them out."""
    room = rooms().find(session.id)
    if room is not None:
        frame = {
            "type": "session",
            "state": session.state,
            "expires_at": session.expires_at.isoformat(),
            "extendable_minutes": extendable_minutes(session),
        }
        warning = "" if session.state == State.GONE else session_warning(session)
        room.tell({**frame, "warning": warning} if warning else frame)
    if session.state == State.GONE:
        terminals().close_all(session.id)
        if room is not None:
            room.close()
