"""The life of a submission, as its table."""

from __future__ import annotations

import pytest

from playground.reviews.life import Act, State, after, possible


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (State.OPEN, "submit request-changes approve reject withdraw"),
        (State.CHANGES_REQUESTED, "submit approve reject withdraw"),
        (State.APPROVED, "succeed fail"),
        (State.APPLIED, ""),
        (State.FAILED, "submit approve reject withdraw"),
        (State.REJECTED, ""),
        (State.WITHDRAWN, ""),
    ],
)
def test_what_is_possible(state: State, acts: str) -> None:
    assert [act.value for act in possible(state)] == acts.split()


def test_what_is_over_stays_so() -> None:
    over = [state for state in State if state.is_over]
    assert over == [State.APPLIED, State.REJECTED, State.WITHDRAWN]
    assert all(after(state, act) is None for state in over for act in Act)


def test_only_the_cluster_ends_an_approval() -> None:
    people = (Act.SUBMIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES, Act.WITHDRAW)
    assert all(after(State.APPROVED, act) is None for act in people)
    assert after(State.APPROVED, Act.SUCCEED) is State.APPLIED
    assert after(State.APPROVED, Act.FAIL) is State.FAILED
