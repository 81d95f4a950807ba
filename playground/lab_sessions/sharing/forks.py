"""A copy of a session for whoever has a link to it: the original knows nothing of it."""

from __future__ import annotations

from playground.accounts.visitors import Visitor
from playground.lab_sessions.models import Session
from playground.lab_sessions.roles import Role
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import rules
from playground.lab_sessions.services import session_fork
from playground.lab_sessions.sharing.links import link_of_secret, link_use


async def link_fork(*, session: Session, secret: str, visitor: Visitor, address: str) -> Session:
    """A copy of the session, the visitor's own, by a link for that.

    Raises NotFound, Ended, LinkOver, Forbidden, TooMany, Full.
    """
    link = await link_of_secret(session, secret, is_fork=True)
    await rules().check(session.id, Role.OWNER, Act.FORK)
    await link_use(link=link)
    return await session_fork(session=session, visitor=visitor, address=address)
