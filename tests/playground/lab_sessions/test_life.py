"""The life of a session: the table and its page agree, and time leads nowhere else."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from playground.lab_sessions.life import (
    STORED,
    TRANSITIONS,
    Event,
    IllegalEvent,
    Notice,
    Policy,
    State,
    after,
    due_event,
    next_moment,
    state_at,
)

START = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
NOTICE = Notice()
#: What leads from one state that time shows to the next.
_SHOWN_BY_TIME = (Event.REST, Event.STIR, Event.WARN)


@dataclass(frozen=True)
class Facts:
    """A life without a database."""

    state: str = State.RUNNING.value
    created_at: datetime.datetime = START
    expires_at: datetime.datetime = START + 60 * MINUTE
    gone_at: datetime.datetime = START + 75 * MINUTE
    active_at: datetime.datetime = START


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_what_the_table_does_not_know_is_refused(state: State, event: Event) -> None:
    if event in TRANSITIONS[state]:
        assert after(state, event) in State
    else:
        with pytest.raises(IllegalEvent, match=f"{state} cannot {event}"):
            after(state, event)


def test_everything_can_end_and_nothing_follows_the_end() -> None:
    assert {state for state in State if Event.END not in TRANSITIONS[state]} == {State.ENDED}
    assert TRANSITIONS[State.ENDED] == {}


def test_the_page_is_the_table() -> None:
    text = (Path(settings.ROOT) / "docs" / "sessions.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| ((?:\w+ → `\w+`(?:, )?)+|nothing) \|$", text, re.MULTILINE)
    drawn = {
        State(name): {Event(e): State(s) for e, s in re.findall(r"(\w+) → `(\w+)`", cells)}
        for name, cells in rows
    }
    assert drawn == {state: dict(row) for state, row in TRANSITIONS.items()}


@pytest.mark.parametrize(
    ("facts", "minute", "expected"),
    [
        pytest.param(Facts(), 1, State.RUNNING, id="somebody has just started it"),
        pytest.param(Facts(), 20, State.IDLE, id="nobody has done anything for a while"),
        pytest.param(Facts(), 51, State.WARNED, id="the end is near, whoever is there"),
        pytest.param(Facts(State.EXPIRED.value), 70, State.EXPIRED, id="a stored state is shown"),
    ],
)
def test_what_a_session_is_at_a_moment(facts: Facts, minute: int, expected: State) -> None:
    assert state_at(facts, NOTICE, START + minute * MINUTE) is expected


@pytest.mark.parametrize(
    ("facts", "minute", "policy", "expected"),
    [
        pytest.param(Facts(), 10, Policy(), None, id="nothing while it runs"),
        pytest.param(Facts(), 30, Policy(), Event.HIBERNATE, id="nobody for half an hour"),
        pytest.param(Facts(), 30, Policy(idle_minutes=0), None, id="a kind that never sleeps"),
        pytest.param(Facts(), 60, Policy(), Event.EXPIRE, id="time up with nobody there"),
        pytest.param(
            Facts(active_at=START + 59 * MINUTE), 60, Policy(), Event.OVERRUN, id="at work"
        ),
        pytest.param(
            Facts(active_at=START + 59 * MINUTE),
            60,
            Policy(overtime_minutes=0),
            Event.EXPIRE,
            id="at work, and the kind has no grace",
        ),
        pytest.param(
            Facts(expires_at=START + MINUTE), 1, Policy(), Event.EXPIRE, id="starting is not work"
        ),
        pytest.param(Facts(State.OVERTIME.value), 69, Policy(), None, id="in the grace"),
        pytest.param(Facts(State.OVERTIME.value), 70, Policy(), Event.EXPIRE, id="grace over"),
        pytest.param(Facts(State.EXPIRED.value), 75, Policy(), Event.END, id="kept long enough"),
        pytest.param(Facts(State.HIBERNATED.value), 75, Policy(), Event.END, id="slept too long"),
        pytest.param(Facts(State.RESERVED.value), 75, Policy(), Event.END, id="nobody came"),
        pytest.param(Facts(State.ENDED.value), 900, Policy(), None, id="nothing after the end"),
    ],
)
def test_what_time_does(facts: Facts, minute: int, policy: Policy, expected: Event | None) -> None:
    assert due_event(facts, policy, NOTICE, START + minute * MINUTE) is expected


_POLICIES = st.builds(
    Policy,
    idle_minutes=st.integers(0, 90),
    overtime_minutes=st.integers(0, 20),
    read_only_minutes=st.integers(1, 30),
)
_STEPS = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(["act", "extend", "wake", "nothing"])),
    max_size=30,
)


@given(policy=_POLICIES, steps=_STEPS)
def test_time_and_people_lead_only_where_the_table_does(
    policy: Policy, steps: list[tuple[int, str]]
) -> None:
    facts, now = Facts(), START
    for minutes, act in steps:
        target = now + minutes * MINUTE
        while (moment := next_moment(facts, policy, NOTICE, now)) is not None and moment < target:
            assert moment >= now
            before = state_at(facts, NOTICE, now)
            now = max(moment, now + datetime.timedelta(seconds=1))
            facts = _lived(facts, policy, now)
            _check_step(before, state_at(facts, NOTICE, now))
        now = target
        facts = _acted(_lived(facts, policy, now), policy, now, act)
    assert facts.state in STORED


def _lived(facts: Facts, policy: Policy, now: datetime.datetime) -> Facts:
    """What the janitor makes of it at that moment."""
    event = due_event(facts, policy, NOTICE, now)
    if event is None:
        return facts
    state = after(State(facts.state), event)
    kept_until = now + policy.read_only_minutes * MINUTE
    return replace(facts, state=state.value, gone_at=kept_until)


def _acted(facts: Facts, policy: Policy, now: datetime.datetime, act: str) -> Facts:
    state = State(facts.state)
    if act == "act" and state.is_writable:
        return replace(facts, active_at=now)
    event = {"extend": Event.EXTEND, "wake": Event.WAKE}.get(act)
    if event is None or event not in TRANSITIONS[state]:
        return facts
    end = max(facts.expires_at, now) + 30 * MINUTE
    return replace(facts, state=after(state, event).value, expires_at=end, active_at=now)


def _check_step(before: State, now: State) -> None:
    """From one shown state to the next by one event, or by time showing more of the same."""
    reachable = {before, *TRANSITIONS[before].values()}
    for state in tuple(reachable):
        reachable |= {TRANSITIONS[state][e] for e in _SHOWN_BY_TIME if e in TRANSITIONS[state]}
    assert now in reachable
