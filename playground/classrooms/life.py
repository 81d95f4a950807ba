"""The life of a classroom as a table: states, events, what leads where. Pure.

An event that the table does not know in a state raises `IllegalEvent`, and nothing happens.
`due_event` is what time does to a room, `next_moment` when it does something next.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class RoomState(StrEnum):
    """Where a classroom is in its life."""

    #: Only its teacher knows of it; the code does not open it yet.
    DRAFT = "draft"
    #: Students come in and wait; their clusters are made ready.
    LOBBY = "lobby"
    RUNNING = "running"
    #: Everybody's time stands still.
    FROZEN = "frozen"
    ENDED = "ended"

    @property
    def is_open(self) -> bool:
        """Whether the code lets students in."""
        return self in (RoomState.LOBBY, RoomState.RUNNING, RoomState.FROZEN)

    @property
    def is_under_way(self) -> bool:
        """Whether students work, or would if time ran."""
        return self in (RoomState.RUNNING, RoomState.FROZEN)


class RoomEvent(StrEnum):
    """What happens to a classroom."""

    OPEN = "open"
    START = "start"
    FREEZE = "freeze"
    RESUME = "resume"
    END = "end"


TRANSITIONS: Mapping[RoomState, Mapping[RoomEvent, RoomState]] = {
    RoomState.DRAFT: {
        RoomEvent.OPEN: RoomState.LOBBY,
        RoomEvent.START: RoomState.RUNNING,
        RoomEvent.END: RoomState.ENDED,
    },
    RoomState.LOBBY: {RoomEvent.START: RoomState.RUNNING, RoomEvent.END: RoomState.ENDED},
    RoomState.RUNNING: {RoomEvent.FREEZE: RoomState.FROZEN, RoomEvent.END: RoomState.ENDED},
    RoomState.FROZEN: {RoomEvent.RESUME: RoomState.RUNNING, RoomEvent.END: RoomState.ENDED},
    RoomState.ENDED: {},
}


class IllegalEvent(Exception):
    """That cannot happen to a classroom in that state."""

    def __init__(self, state: RoomState, event: RoomEvent) -> None:
        super().__init__(f"a classroom that is {state} cannot {event}")
        self.state = state
        self.event = event


class Lifetime(Protocol):
    """The facts of a classroom's life; `models.Classroom` has them."""

    state: str
    starts_at: datetime.datetime | None
    ends_at: datetime.datetime
    frozen_at: datetime.datetime | None


def after(state: RoomState, event: RoomEvent) -> RoomState:
    """The state after an event. Raises IllegalEvent."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise IllegalEvent(state, event)
    return following


def due_event(
    room: Lifetime, freeze_max: datetime.timedelta, now: datetime.datetime
) -> RoomEvent | None:
    """What time does to the room at that moment, if anything."""
    state = RoomState(room.state)
    moment = _moment(room, freeze_max)
    if moment is None or moment > now:
        return None
    if state is RoomState.LOBBY:
        return RoomEvent.END if room.ends_at <= now else RoomEvent.START
    if state is RoomState.FROZEN:
        return RoomEvent.RESUME
    return RoomEvent.END


def next_moment(
    room: Lifetime, freeze_max: datetime.timedelta, now: datetime.datetime
) -> datetime.datetime | None:
    """When something is due next; None when nothing is."""
    moment = _moment(room, freeze_max)
    return None if moment is None else max(now, moment)


def _moment(room: Lifetime, freeze_max: datetime.timedelta) -> datetime.datetime | None:
    state = RoomState(room.state)
    if state is RoomState.ENDED:
        return None
    if state is RoomState.FROZEN:
        return (room.frozen_at or room.ends_at) + freeze_max
    if state is RoomState.LOBBY and room.starts_at is not None:
        return min(room.starts_at, room.ends_at)
    return room.ends_at
