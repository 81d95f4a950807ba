"""Every open WebSocket by session, so that who loses their rights is sent out at once."""

from __future__ import annotations

from typing import Protocol

from playground.accounts.visitors import Visitor
from playground.lab_sessions.announcer import MemberChange


class Attendant(Protocol):
    """A WebSocket of somebody."""

    @property
    def visitor(self) -> Visitor: ...

    async def member_changed(self, change: MemberChange) -> None:
        """The person has another role or name, or (without a role) has to go."""


class Attendance:
    """Who is connected to which session."""

    def __init__(self) -> None:
        self._present: dict[str, dict[Attendant, None]] = {}

    def enter(self, session_id: str, attendant: Attendant) -> None:
        """One more."""
        self._present.setdefault(session_id, {})[attendant] = None

    def leave(self, session_id: str, attendant: Attendant) -> None:
        """One less; may be called more than once."""
        present = self._present.get(session_id)
        if present is not None:
            present.pop(attendant, None)
            if not present:
                del self._present[session_id]

    def of(self, session_id: str, person: str) -> list[Attendant]:
        """The connections of one person to a session."""
        present = self._present.get(session_id, {})
        return [attendant for attendant in present if attendant.visitor.id == person]
