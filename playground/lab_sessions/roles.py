"""Who may do what with a session. Pure."""

from __future__ import annotations

from enum import StrEnum

from cluster_engine.apiserver.requests import ADMIN, Caller, User

VIEWERS_GROUP = "podyard:viewers"


class Role(StrEnum):
    """Strongest first."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    @property
    def may_edit(self) -> bool:
        """Change the cluster and its clock, open terminals."""
        return self is not Role.VIEWER

    @property
    def may_own(self) -> bool:
        """Share, extend, delete the session."""
        return self is Role.OWNER

    @property
    def user(self) -> User:
        """Who that is inside the cluster."""
        if self.may_edit:
            return ADMIN
        return User("viewer", (VIEWERS_GROUP, "system:authenticated"))

    @property
    def caller(self) -> Caller:
        """Somebody of whom only a role's secret is known."""
        return Caller(f"role:{self.value}", f"{self.value} (by token)")


def stronger(one: Role | None, other: Role | None) -> Role | None:
    """The role that may do more."""
    order = list(Role)
    found = [role for role in (one, other) if role is not None]
    return min(found, key=order.index) if found else None
