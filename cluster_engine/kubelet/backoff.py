"""Waiting longer after each failure: 10 s doubling to 300 s, forgotten after 600 s without one.

Models: k8s.io/client-go/util/flowcontrol/backoff.go (v0.37.2) with the kubelet's numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_MS = 10_000
MAX_MS = 300_000
_FORGOTTEN_MS = 2 * MAX_MS


@dataclass(slots=True)
class Backoff:
    """The wait of one thing that may fail."""

    delay_ms: int = 0
    updated_ms: int = 0

    def is_waiting(self, since_ms: int, now_ms: int) -> bool:
        """Whether something that failed at `since_ms` must still wait."""
        if not self.delay_ms or since_ms - self.updated_ms > _FORGOTTEN_MS:
            return False
        return now_ms - since_ms < self.delay_ms

    def next(self, failed_ms: int, now_ms: int) -> None:
        """Take the next longer wait, because of a failure at `failed_ms`."""
        if not self.delay_ms or failed_ms - self.updated_ms > _FORGOTTEN_MS:
            self.delay_ms = FIRST_MS
        else:
            self.delay_ms = min(self.delay_ms * 2, MAX_MS)
        self.updated_ms = now_ms
