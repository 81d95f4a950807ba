"""What the sessions store about people; see playground.accounts.personal_data."""

from __future__ import annotations

from functools import partial

from asgiref.sync import async_to_sync
from django.db import transaction

from playground.accounts.personal_data import Holding, Rows
from playground.accounts.visitors import Visitor
from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.lifetimes import session_end
from playground.lab_sessions.models import Membership, Session, ShareLink, WaitingTicket
from playground.lab_sessions.roles import Role, stronger
from playground.lab_sessions.selectors import access_book
from playground.lab_sessions.sharing.people import member_remove, person_show


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
    await WaitingTicket.objects.filter(visitor=visitor_id).adelete()
    mine = Membership.objects.filter(visitor=visitor_id)
    async for member in mine.select_related("session"):
        session = member.session
        others = session.members.filter(role=Role.OWNER.value).exclude(visitor=visitor_id)
        if member.role != Role.OWNER or await others.aexists():
            await member_remove(
                session=session, member=member, reason="what was stored about you is deleted"
            )
            continue
        if session.state != State.ENDED:
            await session_end(session=session, because=EndReason.ACCOUNT_DELETED)
        await session.adelete()
    await ShareLink.objects.filter(created_by=visitor_id).aupdate(created_by="")


def _move_sessions(old: str, new: Visitor) -> None:
    """Where both are members already, the stronger role stays. Kubeconfigs go on working.

    A guest's sessions live from now on as an account's do.
    """
    ShareLink.objects.filter(created_by=old).update(created_by=new.id)
    WaitingTicket.objects.filter(visitor=old).update(visitor=new.id, name=new.name, color=new.color)
    for member in Membership.objects.filter(visitor=old):
        other = Membership.objects.filter(visitor=new.id, session_id=member.session_id).first()
        transaction.on_commit(partial(_keys_end, member.session_id, member.id))
        if other is not None and stronger(Role(other.role), Role(member.role)) == other.role:
            member.delete()
        else:
            if other is not None:
                transaction.on_commit(partial(_keys_end, other.session_id, other.id))
                other.delete()
            member.visitor, member.name, member.color = new.id, new.name, new.color
            member.save(update_fields=["visitor", "name", "color"])
    owned = Membership.objects.filter(visitor=new.id, role=Role.OWNER.value).values("session")
    Session.objects.filter(id__in=owned, kind=Kind.GUEST.value).update(kind=Kind.ACCOUNT.value)


@async_to_sync
async def _keys_end(session_id: str, member: int) -> None:
    """What is remembered of keys names the person by the old id: it is read anew, on the loop."""
    access_book().end_member(session_id, member)


HOLDINGS = (
    Holding(
        key="sessions",
        what=(
            "Sessions: their name, when they ran, the cluster's contents and what was asked of it "
            "by whom, who is in them with "
            "which name and role, who made which link into them, and a keyed hash of the address "
            "they were started from; who waits for a place"
        ),
        why="To run them, to let those in who may enter, and to keep one address from taking all",
        how_long=(
            "The cluster: until its session has ended. "
            "The record: {PODYARD_SESSION_RECORD_DAYS} days more"
        ),
        models=(
            "lab_sessions.session",
            "lab_sessions.membership",
            "lab_sessions.sharelink",
            "lab_sessions.waitingticket",
            # A session's cluster: what was asked of it and what it contains. It goes with it.
            "hosting.hostedcluster",
            "hosting.clustersnapshot",
            "hosting.journalpiece",
        ),
        export=_export_sessions,
        erase=_erase_sessions,
        move=_move_sessions,
        rename=person_show,
    ),
)
