"""Keeps pods with scheduling gates out of the queue.

Models: pkg/scheduler/framework/plugins/schedulinggates/scheduling_gates.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.scheduler.events import POD_GATES_ELIMINATED, TARGET_POD
from cluster_engine.scheduler.framework import Interest, PreEnqueuePlugin
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.statuses import Status, unresolvable

REASON = "waiting for scheduling gates: [{gates}]"


class SchedulingGates(PreEnqueuePlugin):
    name = "SchedulingGates"
    events = (Interest(TARGET_POD, POD_GATES_ELIMINATED),)

    def pre_enqueue(self, pod: PodInfo) -> Status | None:
        gates = pod.spec.get("schedulingGates")
        if not gates:
            return None
        return unresolvable(REASON.format(gates=" ".join(gate["name"] for gate in gates)))
