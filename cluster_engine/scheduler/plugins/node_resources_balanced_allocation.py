"""Prefers nodes whose shares of cpu and memory the pod would bring nearer to each other.

Models: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cluster_engine.scheduler.counters import IntRow
from cluster_engine.scheduler.framework import (
    SCORE_MAX,
    Cycle,
    PreScorePlugin,
    ScorePlugin,
    Scores,
)
from cluster_engine.scheduler.resources import CPU, MEMORY
from cluster_engine.scheduler.statuses import SKIP, Status

_HALF = SCORE_MAX // 2


class NodeResourcesBalancedAllocation(PreScorePlugin, ScorePlugin):
    name = "NodeResourcesBalancedAllocation"

    def pre_score(self, cycle: Cycle, rows: IntRow) -> Status | None:
        asked = cycle.pod.template.requests
        return None if asked.get(CPU) or asked.get(MEMORY) else SKIP

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        asked = cycle.pod.template.requests
        cpu, cpu_taken = (array[rows] for array in cycle.table.resource(CPU))
        memory, memory_taken = (array[rows] for array in cycle.table.resource(MEMORY))
        with_pod = _balance(
            cpu, cpu_taken + asked.get(CPU, 0), memory, memory_taken + asked.get(MEMORY, 0)
        )
        without_pod = _balance(cpu, cpu_taken, memory, memory_taken)
        return _HALF + (_HALF + with_pod - without_pod) // 2


def _balance(cpu: IntRow, cpu_taken: IntRow, memory: IntRow, memory_taken: IntRow) -> IntRow:
    """100 when the shares are alike, 50 when one is all and the other nothing."""
    deviation: Any = np.abs((_share(cpu, cpu_taken) - _share(memory, memory_taken)) / 2)
    one_missing = (cpu == 0) | (memory == 0)
    if one_missing.any():
        deviation[one_missing] = 0.0
    balance: IntRow = ((1 - deviation) * float(SCORE_MAX)).astype(np.int64)
    return balance


def _share(offered: IntRow, taken: IntRow) -> Any:
    return np.minimum(taken / np.maximum(offered, 1), 1.0)
