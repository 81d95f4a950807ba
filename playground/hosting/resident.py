"""A cluster in memory, and what hangs on it."""

from __future__ import annotations

from playground.hosting.journal.ledger import Ledger
from playground.hosting.pump import Driven
from playground.hosting.quotas import Allowance
from playground.hosting.streams import LocalConversation
from playground.hosting.viewers import LocalView


class Resident:
    """See the module. The ledger's deck holds the same engine as `driven`."""

    __slots__ = ("allowance", "driven", "ledger", "plan", "streams", "used_s", "views")

    def __init__(
        self, driven: Driven, ledger: Ledger, allowance: Allowance, plan: str, now_s: float
    ) -> None:
        self.driven = driven
        self.ledger = ledger
        self.allowance = allowance
        #: What it was made from, as JSON; copies inherit its limits.
        self.plan = plan
        self.streams: dict[LocalConversation, None] = {}
        self.views: dict[LocalView, None] = {}
        #: When somebody last asked for something.
        self.used_s = now_s

    @property
    def is_in_use(self) -> bool:
        """Whether somebody looks on, has a stream open, or waits for the clock."""
        if self.views or self.driven.goal_ms is not None:
            return True
        return any(stream.is_looked_at or not stream.is_kept for stream in self.streams)
