"""How far a student has come, as the lessons tell it; a room without a lesson has no progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Standing:
    """Steps done and in all, the step at hand and since when (ISO time), hints and checks."""

    done: int
    total: int
    step: str
    since: str
    hints: int = 0
    checks: int = 0

    def body(self) -> dict[str, Any]:
        """As the wall and the student's page have it."""
        return {"done": self.done, "total": self.total, "step": self.step, "since": self.since}


async def standing_of(session_id: str) -> Standing | None:
    """Where the student of a session stands; None without a lesson."""
    return None
