"""Who wants to know when a session changes: the browsers in it, and the janitor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from playground.lab_sessions.models import Session

SessionListener: TypeAlias = Callable[["Session"], Awaitable[None]]


class Announcer:
    """The listeners of this process. Everything runs on one event loop."""

    def __init__(self) -> None:
        self.session_listeners: list[SessionListener] = []
        self.plan_listeners: list[Callable[[], None]] = []

    async def session_changed(self, session: Session) -> None:
        """Tell everyone what became of a session."""
        for listener in list(self.session_listeners):
            await listener(session)
        self.plan_changed()

    def plan_changed(self) -> None:
        """The janitor's next appointment may be another."""
        for listener in list(self.plan_listeners):
            listener()
