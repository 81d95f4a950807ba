"""Orders the queue: higher priority first, then who has waited longer.

Models: pkg/scheduler/framework/plugins/queuesort/priority_sort.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.scheduler.framework import QueueSortPlugin


class PrioritySort(QueueSortPlugin):
    name = "PrioritySort"

    def sort_key(self, priority: int, waiting_since_ms: int) -> tuple[int, ...]:
        return -priority, waiting_since_ms
