"""What the sessions store about people; see playground.accounts.personal_data."""

from __future__ import annotations

from playground.accounts.personal_data import Holding, Rows
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.lifetimes import session_end
from playground.lab_sessions.models import Membership
from playground.lab_sessions.roles import Role, stronger


async def _export_sessions(visitor_id: str) -> Rows:
    members = Membership.objects.filter(visitor=visitor_id).select_related("session")
    return [
        {
            "id": member.session.id,
            "name": member.session.name,
            "role": member.role,
            "joined": member.joined_at.isoformat(),
            "started": member.session.created_at.isoformat(),
            "state": member.session.state,
        }
        async for member in members.order_by("joined_at")
    ]


async def _erase_sessions(visitor_id: str) -> None:
    """Sessions that nobody else owns end and are deleted; from others the person just goes."""
    owned = Membership.objects.filter(visitor=visitor_id, role=Role.OWNER.value)
    async for member in owned.select_related("session"):
        session = member.session
        others = session.members.filter(role=Role.OWNER.value).exclude(visitor=visitor_id)
        if await others.aexists():
            continue
        if session.state != State.ENDED:
            await session_end(session=session, because=EndReason.ACCOUNT_DELETED)
        await session.adelete()
    await Membership.objects.filter(visitor=visitor_id).adelete()


def _move_sessions(old: str, new: str) -> None:
    """Where both are members already, the stronger role stays."""
    for member in Membership.objects.filter(visitor=old):
        other = Membership.objects.filter(visitor=new, session_id=member.session_id).first()
        if other is None:
            member.visitor = new
            member.save(update_fields=["visitor"])
            continue
        best = stronger(Role(member.role), Role(other.role))
        other.role = (best or Role(other.role)).value
        other.save(update_fields=["role"])
        member.delete()


HOLDINGS = (
    Holding(
        key="sessions",
        what=(
            "Sessions: their name, when they ran, the cluster's contents, who is in them with "
            "which role, and a keyed hash of the address they were started from"
        ),
        why="To run them, to let those in who may enter, and to keep one address from taking all",
        how_long=(
            "The cluster: until its session has ended. "
            "The record: {PODYARD_SESSION_RECORD_DAYS} days more"
        ),
        models=("lab_sessions.session", "lab_sessions.membership"),
        export=_export_sessions,
        erase=_erase_sessions,
        move=_move_sessions,
    ),
)
