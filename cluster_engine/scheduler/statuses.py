"""What a plugin answers: nothing is wrong (None), or a status with its reasons.

Models: k8s.io/kube-scheduler/framework/interface.go, Status (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Code(IntEnum):
    """How bad it is."""

    #: Evicting pods may help.
    UNSCHEDULABLE = 1
    #: Evicting pods cannot help.
    UNRESOLVABLE = 2
    #: Something went wrong; the pod is tried again after a while.
    ERROR = 3
    #: The plugin has nothing to do with this pod.
    SKIP = 4


@dataclass(frozen=True, slots=True)
class Status:
    """An answer other than success."""

    code: Code
    reasons: tuple[str, ...] = ()

    @property
    def is_rejection(self) -> bool:
        """Whether it says that the pod cannot be placed (and is no error)."""
        return self.code in (Code.UNSCHEDULABLE, Code.UNRESOLVABLE)

    @property
    def message(self) -> str:
        """All reasons in one line."""
        return ", ".join(self.reasons)


SKIP = Status(Code.SKIP)


def unschedulable(*reasons: str) -> Status:
    return Status(Code.UNSCHEDULABLE, reasons)


def unresolvable(*reasons: str) -> Status:
    return Status(Code.UNRESOLVABLE, reasons)


def error(message: str) -> Status:
    return Status(Code.ERROR, (message,))
