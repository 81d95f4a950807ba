"""The table of a classroom's life, and what time does to it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest

from playground.classrooms.life import (
    TRANSITIONS,
    IllegalEvent,
    RoomEvent,
    RoomState,
    after,
    due_event,
    next_moment,
)

NOW = datetime.datetime(2026, 9, 1, 9, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
FREEZE = 120 * MINUTE


@dataclass
class Room:
    state: str = RoomState.LOBBY.value
    starts_at: datetime.datetime | None = None
    ends_at: datetime.datetime = NOW + 90 * MINUTE
    frozen_at: datetime.datetime | None = None


@pytest.mark.parametrize("state", list(RoomState))
@pytest.mark.parametrize("event", list(RoomEvent))
def test_what_the_table_does_not_know_is_refused(state: RoomState, event: RoomEvent) -> None:
    following = TRANSITIONS[state].get(event)
    if following is not None:
        assert after(state, event) is following
        return
    with pytest.raises(IllegalEvent, match=f"that is {state} cannot {event}"):
        after(state, event)


def test_every_state_is_reached_and_only_the_end_is_final() -> None:
    reached = {state for ways in TRANSITIONS.values() for state in ways.values()}
    assert reached == set(RoomState) - {RoomState.DRAFT}
    assert [state for state, ways in TRANSITIONS.items() if not ways] == [RoomState.ENDED]


@pytest.mark.parametrize(
    ("room", "event", "moment"),
    [
        pytest.param(Room(), None, 90, id="a lobby without a start waits for its teacher"),
        pytest.param(Room(starts_at=NOW + 5 * MINUTE), None, 5, id="a lobby waits for its start"),
        pytest.param(Room(starts_at=NOW), RoomEvent.START, 0, id="a lobby starts on time"),
        pytest.param(
            Room(starts_at=NOW - MINUTE, ends_at=NOW), RoomEvent.END, 0, id="an unused lobby ends"
        ),
        pytest.param(Room("draft", ends_at=NOW), RoomEvent.END, 0, id="an old draft ends"),
        pytest.param(Room("draft", starts_at=NOW), None, 90, id="a draft never starts by itself"),
        pytest.param(Room("running"), None, 90, id="a class runs until its end"),
        pytest.param(Room("running", ends_at=NOW), RoomEvent.END, 0, id="a class ends on time"),
        pytest.param(
            Room("frozen", ends_at=NOW, frozen_at=NOW), None, 120, id="a frozen class has no end"
        ),
        pytest.param(
            Room("frozen", frozen_at=NOW - FREEZE), RoomEvent.RESUME, 0, id="nor stays so for ever"
        ),
        pytest.param(Room("ended", ends_at=NOW - MINUTE), None, None, id="what is over is over"),
    ],
)
def test_what_time_does(room: Room, event: RoomEvent | None, moment: int | None) -> None:
    assert due_event(room, FREEZE, NOW) is event
    expected = None if moment is None else NOW + moment * MINUTE
    assert next_moment(room, FREEZE, NOW) == expected
