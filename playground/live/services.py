"""What the live part does when a session changes."""

from __future__ import annotations

from playground.lab_sessions.announcer import MemberChange
from playground.lab_sessions.endings import ended_text
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Session
from playground.lab_sessions.selectors import session_times
from playground.live.line import CLOSE_ASLEEP
from playground.live.selectors import attendance, rooms, terminals


async def session_show(session: Session) -> None:
    """Tell the browsers in a session what became of it; one that has ended sends them out."""
    room = rooms().find(session.id)
    if room is not None:
        room.tell({"type": "session", **session_times(session, may_own=True)})
    if session.state == State.HIBERNATED and room is not None:
        room.close("nobody was here", CLOSE_ASLEEP)
    if session.state == State.ENDED:
        terminals().close_all(session.id)
        if room is not None:
            room.close(ended_text(session))


async def member_show(change: MemberChange) -> None:
    """A person's browsers in a session get the new role or name, or are sent out."""
    for attendant in attendance().of(change.session_id, change.person.id):
        await attendant.member_changed(change)


def terminals_show(session_id: str) -> None:
    """Tell the browsers in a session which terminals there are."""
    room = rooms().find(session_id)
    if room is not None:
        found = [terminal.body() for terminal in terminals().list(session_id)]
        room.tell({"type": "terminals", "terminals": found})
