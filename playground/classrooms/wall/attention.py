"""Who needs help first, as a number and a sentence. Pure.

The reasons in order: a raised hand, stuck on a step, failing pods, commands that keep failing,
nothing done for long. The score is the strongest reason's, and a little for each further one, so
that two reasons come before one of the same kind.
"""

from __future__ import annotations

from dataclasses import dataclass

SCORE_MAX = 100
_HAND, _HAND_MAX = 70, 100
_STUCK, _STUCK_MAX = 40, 69
_FAILING, _FAILING_MAX = 30, 50
_STREAK, _STREAK_MAX = 25, 45
_IDLE, _IDLE_MAX = 15, 35
_FURTHER = 5
#: Commands in a row that have to fail before that counts.
_STREAK_MIN = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a student. Times in seconds until now; None: does not apply."""

    hand_seconds: float | None = None
    step_seconds: float | None = None
    step: str = ""
    is_finished: bool = False
    failing_pods: int = 0
    failures: int = 0
    idle_seconds: float | None = None
    is_here: bool = True


@dataclass(frozen=True, slots=True)
class Attention:
    """0 to SCORE_MAX, and why."""

    score: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """When something counts as long."""

    stuck_seconds: float = 300.0
    idle_seconds: float = 240.0


def attention(facts: Facts, patience: Patience) -> Attention:
    """How much a student needs somebody, and the strongest reason."""
    reasons = [reason for reason in _reasons(facts, patience) if reason.score > 0]
    if not reasons:
        return Attention()
    reasons.sort(key=lambda reason: -reason.score)
    extra = _FURTHER * (len(reasons) - 1)
    return Attention(min(SCORE_MAX, reasons[0].score + extra), reasons[0].reason)


def _reasons(facts: Facts, patience: Patience) -> list[Attention]:
    found = [_hand(facts)]
    if not facts.is_finished:
        found += [_stuck(facts, patience), _failing(facts), _streak(facts), _idle(facts, patience)]
    return found


def _hand(facts: Facts) -> Attention:
    if facts.hand_seconds is None:
        return Attention()
    score = min(_HAND_MAX, _HAND + int(facts.hand_seconds // 20))
    return Attention(score, f"raised a hand {_span(facts.hand_seconds)} ago")


def _stuck(facts: Facts, patience: Patience) -> Attention:
    if facts.step_seconds is None or facts.step_seconds < patience.stuck_seconds:
        return Attention()
    over = facts.step_seconds / patience.stuck_seconds - 1
    score = min(_STUCK_MAX, _STUCK + int(over * 15))
    step = f" on “{facts.step}”" if facts.step else ""
    return Attention(score, f"stuck{step} for {_span(facts.step_seconds)}")


def _failing(facts: Facts) -> Attention:
    count = facts.failing_pods
    if not count:
        return Attention()
    words = "1 pod is" if count == 1 else f"{count} pods are"
    return Attention(min(_FAILING_MAX, _FAILING + 4 * (count - 1)), f"{words} failing")


def _streak(facts: Facts) -> Attention:
    if facts.failures < _STREAK_MIN:
        return Attention()
    score = min(_STREAK_MAX, _STREAK + 3 * (facts.failures - _STREAK_MIN))
    return Attention(score, f"the last {facts.failures} commands failed")


def _idle(facts: Facts, patience: Patience) -> Attention:
    if facts.idle_seconds is None or facts.idle_seconds < patience.idle_seconds:
        return Attention()
    over = facts.idle_seconds / patience.idle_seconds - 1
    score = min(_IDLE_MAX, _IDLE + int(over * 10))
    what = "nothing done" if facts.is_here else "page closed, nothing done"
    return Attention(score, f"{what} for {_span(facts.idle_seconds)}")


def _span(seconds: float) -> str:
    """In words, so coarse that they change at most every ten seconds."""
    if seconds < 60:
        return f"{max(10, int(seconds // 10) * 10)} s"
    minutes = int(seconds // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
