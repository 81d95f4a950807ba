"""Who may do what with a session. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from cluster_engine.apiserver.requests import ADMIN, User

VIEWERS_GROUP = "podyard:viewers"
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


class Role(StrEnum):
    """Strongest first."""

    OWNER = "owner"
    TEACHER = "teacher"
    EDITOR = "editor"
    VIEWER = "viewer"

    @property
    def may_edit(self) -> bool:
        """Change the cluster and its clock, open terminals."""
        return self is not Role.VIEWER

    @property
    def may_own(self) -> bool:
        """Share and extend the session, decide about the people in it."""
        return self in (Role.OWNER, Role.TEACHER)

    @property
    def may_end(self) -> bool:
        """Delete the session, or hand it over."""
        return self is Role.OWNER

    @property
    def user(self) -> User:
        """Who that is inside the cluster."""
        if self.may_edit:
            return ADMIN
        return User("viewer", (VIEWERS_GROUP, "system:authenticated"))

    def user_named(self, name: str, person_id: str) -> User:
        """Who a person's own Kubernetes client is: the rights of the role under a name of theirs.

        Whoever only looks on keeps one name, since a rename must never find another's RoleBinding.
        """
        user = self.user
        extra = {"podyard.dev/person": (name,), "podyard.dev/role": (self.value,)}
        return User(
            user_name(name, person_id) if self.may_edit else user.name,
            user.groups,
            person_id,
            extra,
        )


#: What a link is for that gives a copy instead of a role.
FORK = "fork"
#: What a link may give.
SHARED_ROLES = (Role.VIEWER, Role.EDITOR, Role.TEACHER)


def user_name(name: str, person_id: str) -> str:
    """A person's name as Kubernetes writes users: `calm-otter`."""
    slug = _NOT_IN_A_NAME.sub("-", name.lower()).strip("-")
    return slug or f"person-{person_id[:6]}"


def stronger(one: Role | None, other: Role | None) -> Role | None:
    """The role that may do more."""
    order = list(Role)
    found = [role for role in (one, other) if role is not None]
    return min(found, key=order.index) if found else None
