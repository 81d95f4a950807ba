"""A person let into a session: who, in which role, with which secret. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apiserver.requests import User
from playground.accounts.visitors import Visitor
from playground.lab_sessions import secrets
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.roles import Role


@dataclass(frozen=True, slots=True)
class Admission:
    """What a membership gives."""

    session: Session
    role: Role
    person: Visitor
    member: int
    turn: int

    @property
    def secret(self) -> str:
        """The person's own secret, as long as the role stays."""
        claim = secrets.MemberClaim(self.member, self.role, self.turn)
        return secrets.member_secret(self.session.id, self.session.nonce, claim)

    @property
    def path(self) -> str:
        """The path of the cluster's API server for this person."""
        return f"/k8s/{self.session.id}/{self.secret}"

    @property
    def user(self) -> User:
        """Who this person's own client is inside the cluster."""
        return self.role.user_named(self.person.name, self.person.id)


def admission_of(session: Session, member: Membership) -> Admission:
    """What a membership of that session gives."""
    return Admission(session, Role(member.role), person_of(member), member.id, member.turn)


def person_of(member: Membership) -> Visitor:
    """The person of a membership, as others see them."""
    return Visitor(member.visitor, member.name or "somebody", member.color or "gray")
