"""The life of a submission: what may be done when, as a table. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a submission is."""

    OPEN = "open"
    CHANGES_REQUESTED = "changes-requested"
    #: Decided, on its way into the cluster.
    APPROVED = "approved"
    APPLIED = "applied"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        """Nothing can be done any more."""
        return self in (State.APPLIED, State.REJECTED, State.WITHDRAWN)

    @property
    def is_undecided(self) -> bool:
        """Somebody has yet to decide, or to change something."""
        return self in (State.OPEN, State.CHANGES_REQUESTED, State.FAILED)


class Act(StrEnum):
    """What is done with one."""

    SUBMIT = "submit"
    REQUEST_CHANGES = "request-changes"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SUCCEED = "succeed"
    FAIL = "fail"


#: Acts of reviewers; the others are the submitter's, or what the cluster says.
REVIEWERS_ACTS = (Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES)
#: Acts that people ask for by name.
DECISIONS = (*REVIEWERS_ACTS, Act.WITHDRAW)

_TABLE: dict[tuple[State, Act], State] = {
    (State.OPEN, Act.SUBMIT): State.OPEN,
    (State.OPEN, Act.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.OPEN, Act.APPROVE): State.APPROVED,
    (State.OPEN, Act.REJECT): State.REJECTED,
    (State.OPEN, Act.WITHDRAW): State.WITHDRAWN,
    (State.CHANGES_REQUESTED, Act.SUBMIT): State.OPEN,
    (State.CHANGES_REQUESTED, Act.APPROVE): State.APPROVED,
    (State.CHANGES_REQUESTED, Act.REJECT): State.REJECTED,
    (State.CHANGES_REQUESTED, Act.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Act.SUCCEED): State.APPLIED,
    (State.APPROVED, Act.FAIL): State.FAILED,
    (State.FAILED, Act.SUBMIT): State.OPEN,
    (State.FAILED, Act.APPROVE): State.APPROVED,
    (State.FAILED, Act.REJECT): State.REJECTED,
    (State.FAILED, Act.WITHDRAW): State.WITHDRAWN,
}


def after(state: State, act: Act) -> State | None:
    """The state after an act; None when it is not possible now."""
    return _TABLE.get((state, act))


def possible(state: State) -> list[Act]:
    """What may be done now, by whoever may."""
    return [act for act in Act if (state, act) in _TABLE]
