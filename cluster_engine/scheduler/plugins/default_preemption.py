"""Makes room for a pod by evicting less important ones, where that helps.

Models: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go and
pkg/scheduler/framework/preemption/preemption.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.events import ASSIGNED_POD, DELETE
from cluster_engine.scheduler.framework import (
    Cycle,
    FilterPlugin,
    Handle,
    Interest,
    PostFilterPlugin,
    PostFilterResult,
    PreEnqueuePlugin,
    PreFilterPlugin,
    Victims,
)
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.preemption import pick, read_budgets, select_victims
from cluster_engine.scheduler.rejections import Rejections, fit_message
from cluster_engine.scheduler.running import run_filters
from cluster_engine.scheduler.statuses import Code, Status, unresolvable, unschedulable

REASON_GATED = "waiting for the preemption for this pod to be finished"
REASON_NEVER = "not eligible due to preemptionPolicy=Never."
REASON_TERMINATING = "not eligible due to a terminating pod on the nominated node."
REASON_USELESS = "Preemption is not helpful for scheduling"
FOUND = "found a potential placement for pod on node {node}, preempting {count} victims"

CANDIDATES_PERCENT_MIN = 10
CANDIDATES_MIN = 100


def _never(_: object, _pod: PodInfo, _old: Object | None, _new: Object | None) -> bool:
    """What else rejected the pod decides when to try again."""
    return False


class DefaultPreemption(PostFilterPlugin, PreEnqueuePlugin):
    name = "DefaultPreemption"
    events = (Interest(ASSIGNED_POD, DELETE, _never),)

    def __init__(self, handle: Handle) -> None:
        super().__init__(handle)
        #: The profile's filters, and those plugins that follow pods being moved about.
        self.filters: list[FilterPlugin] = []
        self.movers: list[PreFilterPlugin] = []

    def pre_enqueue(self, pod: PodInfo) -> Status | None:
        return unresolvable(REASON_GATED) if self.handle.is_preempting(pod.uid) else None

    def post_filter(self, cycle: Cycle, rejections: Rejections) -> PostFilterResult:
        why_not = self._why_ineligible(cycle, rejections)
        if why_not:
            message = f"preemption: {why_not}"
            return PostFilterResult(unschedulable(why_not), message, None)
        candidates = self._candidates(cycle, rejections)
        if isinstance(candidates, Rejections):
            message = fit_message(len(cycle.table), "", candidates.histogram(), "")
            return PostFilterResult(unschedulable(message), f"preemption: {message}", "")
        best = pick(candidates, self.handle.now_ms())
        message = FOUND.format(node=best.node, count=len(best.pods))
        return PostFilterResult(None, f"preemption: {message}", best.node, best)

    def _why_ineligible(self, cycle: Cycle, rejections: Rejections) -> str:
        pod = cycle.pod
        if pod.spec.get("preemptionPolicy") == "Never":
            return REASON_NEVER
        node = cycle.table.node(pod.nominated_node)
        if node is None or rejections.status(node.index).code == Code.UNRESOLVABLE:
            return ""
        for info in node.pods.values():
            if info.priority < pod.priority and _is_evicted(info):
                return REASON_TERMINATING
        return ""

    def _candidates(self, cycle: Cycle, rejections: Rejections) -> list[Victims] | Rejections:
        """Nodes where evicting would help, with whom; or why it would help on none."""
        table = cycle.table
        rows = rejections.rows_with(Code.UNSCHEDULABLE)
        useless = Rejections(rejections.alive.copy())
        useless.absent = unresolvable(REASON_USELESS)
        if not rows:
            return useless
        budgets = read_budgets(self.handle.list("poddisruptionbudgets.policy"))
        enough = min(max(len(rows) * CANDIDATES_PERCENT_MIN // 100, CANDIDATES_MIN), len(rows))
        offset = self.handle.random.randrange(len(rows))
        harmless: list[Victims] = []
        violating: list[Victims] = []
        for step in range(len(rows)):
            node = table.nodes[rows[(offset + step) % len(rows)]]
            found = select_victims(
                cycle.copy(),
                node.clone(),
                budgets,
                self._movers(cycle),
                self._fits,
                self.handle.now_ms(),
            )
            if isinstance(found, Status):
                useless.reject_row(node.index, found)
            elif found.pods:
                (violating if found.violations else harmless).append(found)
                if harmless and len(harmless) + len(violating) >= enough:
                    break
        return [*harmless, *violating] or useless

    def _movers(self, cycle: Cycle) -> list[PreFilterPlugin]:
        return [plugin for plugin in self.movers if plugin.name not in cycle.skipped_filters]

    def _fits(self, cycle: Cycle, node: NodeState) -> Status | None:
        nominated = self.handle.nominations.on(node.name)
        return run_filters(cycle, node, self.filters, self._movers(cycle), nominated)[1]


def _is_evicted(info: PodInfo) -> bool:
    """Whether it is going because the scheduler wants its place."""
    if not info.is_terminating:
        return False
    for condition in (info.pod.get("status") or {}).get("conditions") or ():
        if condition.get("type") == "DisruptionTarget":
            says = condition.get("status"), condition.get("reason")
            return bool(says == ("True", "PreemptionByScheduler"))
    return False
