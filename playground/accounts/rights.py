"""What people may do beyond their own sessions. Pure."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """Each is given by a Django group, to a superuser, or for a while by an invitation."""

    TEACH = "teach"
    REVIEW = "review"
    OPERATE = "operate"

    @property
    def group(self) -> str:
        """The name of the Django group that gives it."""
        return _GROUPS[self]


_GROUPS = {Right.TEACH: "teacher", Right.REVIEW: "reviewer", Right.OPERATE: "operator"}
GROUPS = tuple(_GROUPS.values())
