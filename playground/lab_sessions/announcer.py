"""Who wants to know when a session changes: the browsers in it, and the janitor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from playground.accounts.visitors import Visitor
from playground.lab_sessions.roles import Role

if TYPE_CHECKING:
    from playground.lab_sessions.models import Session
    from playground.lab_sessions.templates import Template

#: Puts into a fresh session what its template has beside manifests, such as a lesson.
StartListener: TypeAlias = Callable[["Session", "Template"], Awaitable[None]]
SessionListener: TypeAlias = Callable[["Session"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class MemberChange:
    """A person of a session has another role or name, or (without a role) is not in it any more."""

    session_id: str
    person: Visitor
    role: Role | None
    #: What to tell the person; empty when there is nothing to say.
    reason: str


#: The session has another cluster; whether it is a new one, or an earlier state of the old.
RenewListener: TypeAlias = Callable[["Session", bool], Awaitable[None]]
MemberListener: TypeAlias = Callable[[MemberChange], Awaitable[None]]


class Announcer:
    """The listeners of this process. Everything runs on one event loop."""

    def __init__(self) -> None:
        self.session_listeners: list[SessionListener] = []
        self.member_listeners: list[MemberListener] = []
        self.plan_listeners: list[Callable[[], None]] = []
        self.start_listeners: list[StartListener] = []
        self.renew_listeners: list[RenewListener] = []

    async def session_changed(self, session: Session) -> None:
        """Tell everyone what became of a session."""
        for listener in list(self.session_listeners):
            await listener(session)
        self.plan_changed()

    async def member_changed(self, change: MemberChange) -> None:
        """Tell everyone what became of a person in a session."""
        for listener in list(self.member_listeners):
            await listener(change)

    async def session_started(self, session: Session, template: Template) -> None:
        """A session was started from a template. What a listener raises ends the session."""
        for listener in list(self.start_listeners):
            await listener(session, template)

    async def session_renewed(self, session: Session, *, is_fresh: bool) -> None:
        """A session has another cluster in the place of the one it had."""
        for listener in list(self.renew_listeners):
            await listener(session, is_fresh)

    def plan_changed(self) -> None:
        """The janitor's next appointment may be another."""
        for listener in list(self.plan_listeners):
            listener()
