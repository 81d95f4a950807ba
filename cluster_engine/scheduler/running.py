"""Running the filters on one node, with the pods that are meant for it.

Models: pkg/scheduler/framework/runtime/framework.go, RunFilterPluginsWithNominatedPods (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.scheduler.framework import Cycle, FilterPlugin, PreFilterPlugin
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.statuses import Status


def rivals(pod: PodInfo, nominated: Iterable[PodInfo]) -> list[PodInfo]:
    """Pods meant for a node that the pod must yield to: as important as it, or more."""
    return [info for info in nominated if info.priority >= pod.priority and info.uid != pod.uid]


def run_filters(
    cycle: Cycle,
    node: NodeState,
    filters: Iterable[FilterPlugin],
    movers: Iterable[PreFilterPlugin],
    nominated: Iterable[PodInfo],
) -> tuple[str, Status | None]:
    """The first filter that rejects the node, and its answer; `("", None)` when none does.

    With pods nominated to the node that are as important, the pod must fit with and without them.
    """
    before = rivals(cycle.pod, nominated)
    if before:
        crowded, crowded_cycle = node.clone(), cycle.copy()
        for info in before:
            crowded.add(info)
            for plugin in movers:
                plugin.add_pod(crowded_cycle, info, crowded)
        found = _run(crowded_cycle, crowded, filters)
        if found[1] is not None:
            return found
    return _run(cycle, node, filters)


def _run(
    cycle: Cycle, node: NodeState, filters: Iterable[FilterPlugin]
) -> tuple[str, Status | None]:
    for plugin in filters:
        if plugin.name in cycle.skipped_filters:
            continue
        status = plugin.filter(cycle, node)
        if status is not None:
            return plugin.name, status
    return "", None
