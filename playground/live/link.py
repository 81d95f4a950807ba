"""A WebSocket of a session: who is it, and what may they still do."""

from __future__ import annotations

from playground.accounts.visitors import Visitor
from playground.gateway.door import bearer_token
from playground.lab_sessions.admissions import Admission
from playground.lab_sessions.announcer import MemberChange
from playground.lab_sessions.lifetimes import session_enter
from playground.lab_sessions.models import Session
from playground.lab_sessions.problems import Forbidden
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import session_admission
from playground.live.line import CLOSE_ENDED as CLOSE_ENDED
from playground.live.line import Line
from playground.live.line import close_reason as close_reason
from playground.live.selectors import attendance


class Link(Line):
    """One WebSocket of somebody in a session."""

    session: Session
    admission: Admission

    @property
    def role(self) -> Role:
        """What the person may do now."""
        return self.admission.role

    @property
    def visitor(self) -> Visitor:
        """The person, as others see them."""
        return self.admission.person

    async def admit(self, visitor: Visitor | None, headers: dict[str, str]) -> None:
        """Those who may see the session."""
        self.admission = await session_enter(
            self.scope["url_route"]["kwargs"]["session_id"],
            visitor=visitor,
            secret=bearer_token(headers),
        )
        self.session = self.admission.session
        attendance().enter(self.session.id, self)

    async def member_changed(self, change: MemberChange) -> None:
        """See attendance.Attendant.member_changed."""
        if change.role is None:
            await self.send_out(Forbidden(change.reason))
            return
        admitted = await session_admission(self.session, visitor=change.person)
        if admitted is not None:
            self.admission = admitted
            await self.changed(change)

    async def changed(self, change: MemberChange) -> None:
        """The person has another role or name; `admission` is the new one."""

    async def disconnect(self, code: int) -> None:
        """Clean up."""
        if hasattr(self, "admission"):
            attendance().leave(self.session.id, self)
        await super().disconnect(code)
