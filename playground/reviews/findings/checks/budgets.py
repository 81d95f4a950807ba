"""Disruption budgets: how many pods may be away."""

from __future__ import annotations

from collections.abc import Iterator

from playground.reviews.findings.checks.matching import matching, nearest, selector_of
from playground.reviews.findings.subjects import Spot, Subject, Text

_KIND = ("policy", "PodDisruptionBudget")


def blocks(text: Text) -> Iterator[Spot]:
    for budget in text.of(*_KIND):
        kept, away = budget.spec.get("minAvailable"), budget.spec.get("maxUnavailable")
        if away in (0, "0%") and away is not False:
            yield budget.spot("spec", "maxUnavailable", how=f"maxUnavailable is {away}")
        elif kept == "100%":
            yield budget.spot("spec", "minAvailable", how="minAvailable is 100%")
        elif isinstance(kept, int) and not isinstance(kept, bool):
            copies = _copies(text, budget)
            if copies is not None and kept >= copies > 0:
                how = f"minAvailable is {kept}, and there are {copies}"
                yield budget.spot("spec", "minAvailable", how=how)


def _copies(text: Text, budget: Subject) -> int | None:
    """How many pods the text makes for it; None when it cannot be known."""
    found = matching(selector_of(budget), text.pods_of(budget.namespace))
    counts = [subject.spec.get("replicas", 1) for subject, _ in found]
    if not found or not all(isinstance(count, int) for count in counts):
        return None
    is_scaled = any(
        one.namespace == budget.namespace
        for one in text.of("autoscaling", "HorizontalPodAutoscaler")
    )
    return None if is_scaled else sum(counts)


def selects_nothing(text: Text) -> Iterator[Spot]:
    """Said only when the text has pods of that namespace: else they may be there already."""
    for budget in text.of(*_KIND):
        selector, pods = selector_of(budget), text.pods_of(budget.namespace)
        if pods and not selector.is_nothing and not matching(selector, pods):
            near = nearest(selector, pods)
            yield budget.spot("spec", "selector", selector=str(selector), near=near)
