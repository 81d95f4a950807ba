"""What else there is to a session than its roles: acts that are switched off, facts for its page.

The rooms above this one (classrooms, lessons, reviews) say so through sources that the settings
name (`SESSION_DENIALS`, `SESSION_PAGE_FACTS`); this room asks them and knows none of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from django.conf import settings
from django.utils.module_loading import import_string

from playground.lab_sessions.problems import Forbidden
from playground.lab_sessions.roles import Role


class Act(StrEnum):
    """What can be switched off for those who own or edit a session."""

    CONSOLE = "console"
    CLOCK = "clock"
    EXTEND = "extend"
    SHARE = "share"
    FORK = "fork"
    EXPORT = "export"
    #: Break things and mend them.
    FAULTS = "faults"
    #: Begin a lesson, or put it back, which puts the cluster back too.
    LESSON = "lesson"
    END = "end"


_TEXTS = {
    Act.CONSOLE: "the console is switched off in this session",
    Act.CLOCK: "the clock is not yours to change in this session",
    Act.EXTEND: "this session cannot be extended by you",
    Act.SHARE: "this session cannot be shared",
    Act.FORK: "this session cannot be copied",
    Act.EXPORT: "this session cannot be exported",
    Act.FAULTS: "faults are set by whoever made this session for you",
    Act.LESSON: "the lesson cannot be begun or put back here by you",
    Act.END: "this session is ended by whoever made it for you",
}
#: Acts that are switched off in a session.
DenialSource: TypeAlias = Callable[[str], Awaitable[frozenset[Act]]]
#: Facts for the page of a session, by session id and visitor id; merged into its data.
PageSource: TypeAlias = Callable[[str, str], Awaitable[dict[str, Any]]]


class Rules:
    """The sources, found when they are first asked for."""

    @cached_property
    def denial_sources(self) -> list[DenialSource]:
        """Who says what is switched off."""
        return [import_string(path) for path in settings.SESSION_DENIALS]

    @cached_property
    def page_sources(self) -> list[PageSource]:
        """Who adds to a session's page."""
        return [import_string(path) for path in settings.SESSION_PAGE_FACTS]

    async def denied(self, session_id: str, role: Role) -> frozenset[Act]:
        """What is switched off for that role. Teachers may do what they switched off."""
        if role not in _BOUND:
            return frozenset()
        found: frozenset[Act] = frozenset()
        for source in self.denial_sources:
            found |= await source(session_id)
        return found

    async def check(self, session_id: str, role: Role, act: Act) -> None:
        """Raises Forbidden when the act is switched off for that role."""
        if act in await self.denied(session_id, role):
            raise Forbidden(_TEXTS[act])

    async def page(self, session_id: str, visitor_id: str) -> dict[str, Any]:
        """What the sources add to the data of the session's page."""
        data: dict[str, Any] = {}
        for source in self.page_sources:
            data |= await source(session_id, visitor_id)
        return data


_BOUND = tuple(role for role in Role if role.value != "teacher")
