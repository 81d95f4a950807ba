"""Timeline lines from before the store's history: of a cluster that came from a file."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from cluster_engine.apimachinery.objects import Object


class Past:
    """Keeps the lines; a component, so that they are in forks and snapshots."""

    name = "past"

    def __init__(self) -> None:
        self.lines: tuple[Object, ...] = ()

    def wake(self, message: Hashable) -> None:
        """See simulation.component: the past plans nothing."""

    def state(self) -> Any:
        """See simulation.component; lines are never changed, so they are shared."""
        return self.lines

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        self.lines = state
