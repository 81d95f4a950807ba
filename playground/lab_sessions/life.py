"""The life of a session as a table: states, events, what leads where. Pure.

An event that the table does not know in a state raises `IllegalEvent`, and nothing happens. Six
states are stored; `idle` and `warned` are what a stored `running` looks like at a moment, by
`state_at`. `next_moment` is when something is due. docs/sessions.md is drawn from this table.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_MINUTE = datetime.timedelta(minutes=1)


class State(StrEnum):
    """Where a session is in its life."""

    #: A cluster stands ready and is held for somebody; its time has not begun.
    RESERVED = "reserved"
    RUNNING = "running"
    #: Running, and nobody has done anything for a while.
    IDLE = "idle"
    #: Running, and its end is near.
    WARNED = "warned"
    #: Its time is over while people are still at work: a grace, then it expires.
    OVERTIME = "overtime"
    #: To be looked at and exported; nothing changes any more.
    EXPIRED = "expired"
    #: Out of memory with everything in it; it comes back with the next request.
    HIBERNATED = "hibernated"
    ENDED = "ended"

    @property
    def is_writable(self) -> bool:
        """Whether people may change the cluster, as far as time is concerned."""
        return self in (State.RUNNING, State.IDLE, State.WARNED, State.OVERTIME)


class Event(StrEnum):
    """What happens to a session."""

    #: The person that it was held for has come.
    TAKE = "take"
    #: Nobody has done anything for a while; somebody does something again.
    REST = "rest"
    STIR = "stir"
    #: The end is near.
    WARN = "warn"
    #: Its time is over: with people at work, or without.
    OVERRUN = "overrun"
    EXPIRE = "expire"
    EXTEND = "extend"
    HIBERNATE = "hibernate"
    WAKE = "wake"
    END = "end"


class EndReason(StrEnum):
    """Why a session expired or ended."""

    TIME_UP = "time-up"
    OWNER = "owner"
    OPERATOR = "operator"
    CLASSROOM = "classroom"
    UNUSED = "unused"
    NOT_TAKEN = "not-taken"
    LOST = "lost"
    ACCOUNT_DELETED = "account-deleted"
    #: An end from before reasons were written down.
    UNKNOWN = "unknown"


#: Why a session ends whose time of being kept is over, by its state.
REASONS_OF_TIME: Mapping[State, EndReason] = {
    State.RESERVED: EndReason.NOT_TAKEN,
    State.RUNNING: EndReason.TIME_UP,
    State.OVERTIME: EndReason.TIME_UP,
    State.EXPIRED: EndReason.TIME_UP,
    State.HIBERNATED: EndReason.UNUSED,
}
#: What a session stored as `running` may look like.
_LIVELY: Mapping[Event, State] = {
    Event.OVERRUN: State.OVERTIME,
    Event.EXPIRE: State.EXPIRED,
    Event.EXTEND: State.RUNNING,
    Event.HIBERNATE: State.HIBERNATED,
    Event.END: State.ENDED,
}
TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.RESERVED: {Event.TAKE: State.RUNNING, Event.END: State.ENDED},
    State.RUNNING: {**_LIVELY, Event.REST: State.IDLE, Event.WARN: State.WARNED},
    State.IDLE: {**_LIVELY, Event.STIR: State.RUNNING, Event.WARN: State.WARNED},
    State.WARNED: _LIVELY,
    State.OVERTIME: {
        Event.EXPIRE: State.EXPIRED,
        Event.EXTEND: State.RUNNING,
        Event.END: State.ENDED,
    },
    State.EXPIRED: {Event.EXTEND: State.RUNNING, Event.END: State.ENDED},
    State.HIBERNATED: {
        Event.WAKE: State.RUNNING,
        Event.EXPIRE: State.EXPIRED,
        Event.END: State.ENDED,
    },
    State.ENDED: {},
}
#: The states that the database holds.
STORED = tuple(state for state in State if state not in (State.IDLE, State.WARNED))


class IllegalEvent(Exception):
    """That cannot happen to a session in that state."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"a session that is {state} cannot {event}")
        self.state = state
        self.event = event


def after(state: State, event: Event) -> State:
    """The state after an event. Raises IllegalEvent."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise IllegalEvent(state, event)
    return following


@dataclass(frozen=True, slots=True)
class Policy:
    """How sessions of one kind live; see playground/settings/kinds.py."""

    minutes: int = 240
    minutes_max: int = 720
    #: What one extension adds, and how many there are.
    extend_minutes: int = 30
    extensions_max: int = 4
    #: From the last activity to hibernation; 0: never.
    idle_minutes: int = 30
    #: The grace after the end while people are at work; 0: none.
    overtime_minutes: int = 10
    #: How long an expired session is kept, and one that hibernates.
    read_only_minutes: int = 15
    hibernated_hours: int = 24
    #: How long it is remembered that there was one.
    record_days: int = 30
    #: Live sessions of the kind on this site; 0: as many as the host takes.
    sessions_max: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """When people are told: of the end, twice; and when nobody's doing anything is called idle."""

    first_minutes: int = 10
    last_minutes: int = 2
    idle_minutes: int = 5
    #: With activity as recent as that, people are at work.
    active_minutes: int = 2


class Lifetime(Protocol):
    """The facts of a session's life; `models.Session` has them."""

    state: str
    created_at: datetime.datetime
    expires_at: datetime.datetime
    gone_at: datetime.datetime
    active_at: datetime.datetime


def is_at_work(life: Lifetime, notice: Notice, now: datetime.datetime) -> bool:
    """Whether somebody has done something lately; starting it is not yet work."""
    is_recent = now - life.active_at < notice.active_minutes * _MINUTE
    return is_recent and life.active_at > life.created_at


def state_at(life: Lifetime, notice: Notice, now: datetime.datetime) -> State:
    """What the session is at that moment: its stored state, or idle, or warned."""
    stored = State(life.state)
    if stored is not State.RUNNING:
        return stored
    if life.expires_at - now <= notice.first_minutes * _MINUTE:
        return State.WARNED
    if now - life.active_at >= notice.idle_minutes * _MINUTE:
        return State.IDLE
    return State.RUNNING


def due_event(
    life: Lifetime, policy: Policy, notice: Notice, now: datetime.datetime
) -> Event | None:
    """What time does to the session at that moment, if anything."""
    stored = State(life.state)
    if stored is State.RUNNING:
        if life.expires_at <= now:
            has_grace = policy.overtime_minutes and is_at_work(life, notice, now)
            return Event.OVERRUN if has_grace else Event.EXPIRE
        if policy.idle_minutes and life.active_at + policy.idle_minutes * _MINUTE <= now:
            return Event.HIBERNATE
    elif stored is State.OVERTIME:
        if life.expires_at + policy.overtime_minutes * _MINUTE <= now:
            return Event.EXPIRE
    elif stored is not State.ENDED and life.gone_at <= now:
        return Event.END
    return None


def next_moment(
    life: Lifetime, policy: Policy, notice: Notice, now: datetime.datetime
) -> datetime.datetime | None:
    """When something is due next, a warning or a change of state; None for an ended session."""
    stored = State(life.state)
    if stored is State.ENDED:
        return None
    if stored is State.OVERTIME:
        return max(now, life.expires_at + policy.overtime_minutes * _MINUTE)
    if stored is not State.RUNNING:
        return max(now, life.gone_at)
    moments = [
        life.expires_at,
        life.expires_at - notice.first_minutes * _MINUTE,
        life.expires_at - notice.last_minutes * _MINUTE,
    ]
    if policy.idle_minutes:
        moments.append(life.active_at + policy.idle_minutes * _MINUTE)
    later = [moment for moment in moments if moment > now]
    return min(later) if later else now
