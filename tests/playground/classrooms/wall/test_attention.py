"""Who needs help first, and why."""

from __future__ import annotations

import pytest

from playground.classrooms.wall.attention import Attention, Facts, Patience, attention

PATIENCE = Patience(stuck_seconds=300, idle_seconds=240)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(Facts(), Attention(), id="all is well"),
        pytest.param(
            Facts(hand_seconds=5), Attention(70, "raised a hand 10 s ago"), id="a hand just now"
        ),
        pytest.param(
            Facts(hand_seconds=700),
            Attention(100, "raised a hand 11 min ago"),
            id="a hand for long is the most there is",
        ),
        pytest.param(
            Facts(step_seconds=299, step="Roll back"), Attention(), id="not yet stuck on a step"
        ),
        pytest.param(
            Facts(step_seconds=300, step="Roll back"),
            Attention(40, "stuck on “Roll back” for 5 min"),
            id="stuck on a step",
        ),
        pytest.param(Facts(failing_pods=1), Attention(30, "1 pod is failing"), id="a failing pod"),
        pytest.param(
            Facts(failing_pods=90), Attention(50, "90 pods are failing"), id="many failing pods"
        ),
        pytest.param(Facts(failures=2), Attention(), id="two mistakes are nothing"),
        pytest.param(
            Facts(failures=4), Attention(28, "the last 4 commands failed"), id="four in a row"
        ),
        pytest.param(
            Facts(idle_seconds=250), Attention(15, "nothing done for 4 min"), id="idle at the page"
        ),
        pytest.param(
            Facts(idle_seconds=7300, is_here=False),
            Attention(35, "page closed, nothing done for 2 h"),
            id="idle and away",
        ),
        pytest.param(
            Facts(failing_pods=1, failures=3, idle_seconds=300),
            Attention(40, "1 pod is failing"),
            id="further reasons add a little",
        ),
        pytest.param(
            Facts(is_finished=True, failing_pods=3, idle_seconds=999, step_seconds=999),
            Attention(),
            id="who is done needs nobody",
        ),
        pytest.param(
            Facts(is_finished=True, hand_seconds=60),
            Attention(73, "raised a hand 1 min ago"),
            id="unless they raise a hand",
        ),
    ],
)
def test_the_strongest_reason_counts(facts: Facts, expected: Attention) -> None:
    assert attention(facts, PATIENCE) == expected


def test_reasons_are_ranked_as_a_teacher_would() -> None:
    ordered = [
        Facts(hand_seconds=1),
        Facts(step_seconds=900),
        Facts(step_seconds=300),
        Facts(failing_pods=2),
        Facts(failures=3),
        Facts(idle_seconds=240),
        Facts(),
    ]
    scores = [attention(facts, PATIENCE).score for facts in ordered]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
