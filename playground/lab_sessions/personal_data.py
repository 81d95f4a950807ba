"""What the sessions store about people; see playground.accounts.personal_data."""

from __future__ import annotations

from functools import partial

from asgiref.sync import async_to_sync
from django.db import transaction

from playground.accounts.personal_data import Holding, Rows
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.lifetimes import session_end
from playground.lab_sessions.models import Membership, ShareLink
from playground.lab_sessions.roles import Role, stronger
from playground.lab_sessions.selectors import access_book
from playground.lab_sessions.sharing.people import member_remove

_ERASED = "what is stored of you was deleted"


async def _export_sessions(visitor_id: str) -> Rows:
    members = Membership.objects.filter(visitor=visitor_id).select_related("session")
    return [
        {
            "id": member.session.id,
            "name": member.session.name,
            "role": member.role,
            "my_name": member.name,
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
    others = Membership.objects.filter(visitor=visitor_id).select_related("session")
    async for member in others:
        await member_remove(session=member.session, member=member, reason=_ERASED)
    await ShareLink.objects.filter(created_by=visitor_id).aupdate(created_by="")


def _move_sessions(old: str, new: str) -> None:
    """Where both are members already, the stronger role stays.

    A kubeconfig of the guest goes on, in the name of the account.
    """
    for member in Membership.objects.filter(visitor=old):
        other = Membership.objects.filter(visitor=new, session_id=member.session_id).first()
        if other is None:
            member.visitor = new
            member.save(update_fields=["visitor"])
            _later_forget(member)
            continue
        best = stronger(Role(member.role), Role(other.role)) or Role(other.role)
        if other.role != best.value:
            other.role, other.turn = best.value, other.turn + 1
            other.save(update_fields=["role", "turn"])
        _later_forget(other)
        _later_forget(member)
        member.delete()
    ShareLink.objects.filter(created_by=old).update(created_by=new)


def _later_forget(member: Membership) -> None:
    """Once it is written: what was known in memory of a membership is read anew."""
    session_id, number = member.session_id, member.id
    transaction.on_commit(partial(async_to_sync(_forget), session_id, number))


async def _forget(session_id: str, member: int) -> None:
    access_book().end_member(session_id, member)


HOLDINGS = (
    Holding(
        key="sessions",
        what=(
            "Sessions: their name, when they ran, the cluster's contents, who is in them with "
            "which name and role, who made which link into them, and a keyed hash of the address "
            "they were started from"
        ),
        why="To run them, to let those in who may enter, and to keep one address from taking all",
        how_long=(
            "The cluster: until its session has ended. "
            "The record: {PODYARD_SESSION_RECORD_DAYS} days more"
        ),
        models=("lab_sessions.session", "lab_sessions.membership", "lab_sessions.sharelink"),
        export=_export_sessions,
        erase=_erase_sessions,
        move=_move_sessions,
    ),
)
