"""Whom to evict for whom: dry runs node by node, then the least harmful of what would help.

Models: pkg/scheduler/framework/preemption and plugins/defaultpreemption (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import Selector, SelectorError, from_label_selector
from cluster_engine.scheduler.framework import Cycle, PreFilterPlugin, Victims
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.statuses import Status, unresolvable

REASON_NO_VICTIMS = "No preemption victims found for incoming pod"
_NO_VICTIMS = unresolvable(REASON_NO_VICTIMS)
#: Added to each priority, so that a sum grows with the number of victims.
_PRIORITY_OFFSET = 2**31

#: Why the pod does not fit a node as it is in the dry run; None: it fits.
Fits = Callable[[Cycle, NodeState], "Status | None"]


@dataclass(slots=True)
class Budget:
    """A disruption budget and what is left of it in a dry run."""

    namespace: str
    selector: Selector
    disrupted: frozenset[str]
    allowed: int


def read_budgets(objects: Iterable[Object]) -> list[Budget]:
    """Of PodDisruptionBudget objects; those that select nothing are left out."""
    found = []
    for budget in objects:
        try:
            selector = from_label_selector(budget["spec"].get("selector"))
        except SelectorError:
            continue
        if selector.is_nothing or selector.is_everything:
            continue
        status = budget.get("status") or {}
        found.append(
            Budget(
                budget["metadata"]["namespace"],
                selector,
                frozenset(status.get("disruptedPods") or ()),
                status.get("disruptionsAllowed") or 0,
            )
        )
    return found


def split_by_budgets(
    victims: Iterable[PodInfo], budgets: Iterable[Budget]
) -> tuple[list[PodInfo], list[PodInfo]]:
    """Victims whose eviction would violate a budget, and the others, each in the given order."""
    left = [(budget, [budget.allowed]) for budget in budgets]
    violating: list[PodInfo] = []
    others: list[PodInfo] = []
    for victim in victims:
        (violating if _violates(victim, left) else others).append(victim)
    return violating, others


def _violates(victim: PodInfo, left: list[tuple[Budget, list[int]]]) -> bool:
    if not victim.labels:
        return False
    for budget, allowed in left:
        if budget.namespace != victim.namespace or not budget.selector.matches(victim.labels):
            continue
        if victim.name in budget.disrupted:
            continue
        allowed[0] -= 1
        if allowed[0] < 0:
            return True
    return False


def select_victims(
    cycle: Cycle,
    node: NodeState,
    budgets: list[Budget],
    movers: list[PreFilterPlugin],
    fits: Fits,
    now_ms: int,
) -> Victims | Status:
    """The fewest and least important pods to take off that node, or why that would not help.

    `cycle` and `node` are private copies and are changed.
    """
    pod = cycle.pod
    candidates = [info for info in node.pods.values() if info.priority < pod.priority]
    if not candidates:
        return _NO_VICTIMS

    def remove(info: PodInfo) -> None:
        node.remove(info.uid)
        for plugin in movers:
            plugin.remove_pod(cycle, info, node)

    def put_back(info: PodInfo) -> None:
        node.add(info)
        for plugin in movers:
            plugin.add_pod(cycle, info, node)

    for info in candidates:
        remove(info)
    status = fits(cycle, node)
    if status is not None:
        return status
    candidates.sort(key=lambda info: (-info.priority, info.start_ms(now_ms)))
    violating, others = split_by_budgets(candidates, budgets)
    victims: list[PodInfo] = []
    violations = 0
    for info in (*violating, *others):
        put_back(info)
        if fits(cycle, node) is not None:
            remove(info)
            victims.append(info)
            violations += info in violating
    victims.sort(key=lambda info: (-info.priority, info.start_ms(now_ms)))
    return Victims(node.name, tuple(victims), violations)


def pick(candidates: list[Victims], now_ms: int) -> Victims:
    """The candidate that does least harm; of equals the first."""

    def latest_start(victims: Victims) -> int:
        highest = max(info.priority for info in victims.pods)
        return min(i.start_ms(now_ms) for i in victims.pods if i.priority == highest)

    return min(
        candidates,
        key=lambda victims: (
            victims.violations,
            victims.pods[0].priority,
            sum(info.priority + _PRIORITY_OFFSET for info in victims.pods),
            len(victims.pods),
            -latest_start(victims),
        ),
    )
