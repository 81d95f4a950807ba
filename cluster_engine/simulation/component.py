"""What the cluster facade asks of everything that acts over time.

Controllers, the scheduler, node agents and the process kernel are components. They are woken with
messages from the agenda and keep their state as plain data, so that a cluster can be forked,
written down and brought back.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol


class Component(Protocol):
    """A part of the cluster that acts when woken."""

    name: str

    def wake(self, message: Hashable) -> None:
        """Do a bounded piece of work (well under a millisecond or two). May plan more."""

    def state(self) -> Any:
        """All state that cannot be derived from the store, as a value that can be pickled and
        shares nothing mutable with the component."""

    def restore(self, state: Any) -> None:
        """Take over a value made by `state` of a component with the same name."""
