"""People for tests: somebody new in a role, with a secret of their own."""

from __future__ import annotations

from playground.accounts.visitors import Visitor, new_visitor
from playground.lab_sessions.admissions import Admission
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import session_admit
from playground.lab_sessions.sharing.people import session_join


async def somebody(session: Session, role: Role, visitor: Visitor | None = None) -> Admission:
    """A person with that role in a session; the owner is who started it."""
    if role is Role.OWNER:
        owner = await Membership.objects.aget(session=session, role=role.value)
        visitor = Visitor(owner.visitor, owner.name, owner.color)
    else:
        visitor = visitor or new_visitor()
        await session_join(session=session, visitor=visitor, role=role)
    return await session_admit(session.id, visitor=visitor)


async def secret_as(session: Session, role: Role) -> str:
    """The secret of somebody with that role."""
    return (await somebody(session, role)).secret
