"""The people of a session: let in, given another role, sent out, named."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from playground.accounts.services import profile_change
from playground.accounts.visitors import Visitor
from playground.lab_sessions.admissions import Admission, person_of
from playground.lab_sessions.announcer import MemberChange
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Membership, Session, ShareLink
from playground.lab_sessions.problems import Forbidden, NotFound, TooMany
from playground.lab_sessions.roles import Role, stronger
from playground.lab_sessions.selectors import access_book, announcer


async def session_join(
    *, session: Session, visitor: Visitor, role: Role, link: ShareLink | None = None
) -> Role:
    """Let a visitor in with a role; a stronger one that it has already stays. Raises TooMany."""
    member = await Membership.objects.filter(session=session, visitor=visitor.id).afirst()
    best = stronger(Role(member.role) if member else None, role) or role
    if member is None:
        most = settings.PODYARD_PEOPLE_PER_SESSION_MAX
        if await Membership.objects.filter(session=session).acount() >= most:
            raise TooMany(f"{most} people are in this session already")
        await Membership.objects.aget_or_create(
            session=session,
            visitor=visitor.id,
            defaults={
                "role": best.value,
                "name": visitor.name,
                "color": visitor.color,
                "joined_at": timezone.now(),
                "link": link,
            },
        )
    elif best.value != member.role:
        member.link = link or member.link
        await _change(member, best, "you have another role now")
    return best


async def member_set(*, session: Session, visitor: Visitor, role: Role | None, reason: str) -> None:
    """Exactly that role, weaker than before or none at all: for those who made the session for
    others, such as a classroom."""
    member = await Membership.objects.filter(session=session, visitor=visitor.id).afirst()
    if role is None:
        if member is not None:
            await member_remove(session=session, member=member, reason=reason)
    elif member is None:
        await session_join(session=session, visitor=visitor, role=role)
    elif member.role != role.value:
        await _change(member, role, reason)


async def member_change(*, admission: Admission, person: str, role: Role) -> None:
    """Give somebody another role. An owner who makes another one hands the session over.

    Raises NotFound, Forbidden.
    """
    member = await _member_to_decide_about(admission, person)
    if role is Role.OWNER:
        await session_hand_over(admission=admission, member=member)
    elif role.value != member.role:
        await _change(member, role, f"you are {_WORDS[role]} now")


async def session_hand_over(*, admission: Admission, member: Membership) -> None:
    """Another person owns the session; the former owner goes on as an editor. Raises Forbidden."""
    if not admission.role.may_end:
        raise Forbidden("only the owner can hand the session over")
    former = await Membership.objects.aget(id=admission.member)
    await _swap(former.id, member.id)
    for one, role in ((former, Role.EDITOR), (member, Role.OWNER)):
        one.role = role.value
        await _tell(one, role, f"you are {_WORDS[role]} now")


@sync_to_async
def _swap(former: int, next_owner: int) -> None:
    """Both or neither: a session has one owner."""
    with transaction.atomic():
        for number, role in ((former, Role.EDITOR), (next_owner, Role.OWNER)):
            member = Membership.objects.select_for_update().get(id=number)
            member.role, member.turn = role.value, member.turn + 1
            member.save(update_fields=["role", "turn"])


async def person_remove(*, admission: Admission, person: str) -> None:
    """Send somebody out, or leave oneself. Raises NotFound, Forbidden."""
    if person == admission.person.id:
        await _leave(admission)
        return
    member = await _member_to_decide_about(admission, person)
    await member_remove(
        session=admission.session, member=member, reason="you were sent out of this session"
    )


async def _leave(admission: Admission) -> None:
    if admission.role.may_end:
        raise Forbidden("the owner cannot leave: hand the session over first, or end it")
    member = await Membership.objects.aget(id=admission.member)
    await member_remove(
        session=admission.session, member=member, reason="you have left this session"
    )


async def member_remove(*, session: Session, member: Membership, reason: str) -> None:
    """End a membership: secrets stop working, sockets close."""
    await Membership.objects.filter(id=member.id).adelete()
    access_book().end_member(session.id, member.id)
    await announcer().member_changed(
        MemberChange(session.id, person_of(member), None, reason=reason)
    )


async def key_renew(*, admission: Admission) -> Membership:
    """Another secret for the caller: kubeconfigs and tokens handed out before stop working."""
    member = await Membership.objects.aget(id=admission.member)
    await _change(member, admission.role, "your kubeconfig was renewed")
    return member


async def person_rename(*, visitor: Visitor, name: str) -> Visitor:
    """Another name, in every session the person is in, and for their account if they have one."""
    return await profile_change(visitor=visitor, name=name, color=visitor.color)


async def person_show(person: Visitor) -> None:
    """Tell every session of a person their name and colour."""
    mine = Membership.objects.filter(visitor=person.id)
    await mine.aupdate(name=person.name, color=person.color)
    async for member in mine.exclude(session__state=State.ENDED):
        access_book().rename(member.session_id, member.id, person)
        change = MemberChange(member.session_id, person, Role(member.role), reason="")
        await announcer().member_changed(change)


async def members_of(session: Session) -> list[Membership]:
    """Everybody who may use a session, in the order they came."""
    found = Membership.objects.filter(session=session).order_by("joined_at", "id")
    return [member async for member in found]


def member_body(member: Membership) -> dict[str, Any]:
    """A person of a session as JSON."""
    return {
        **person_of(member).body(),
        "role": member.role,
        "joined_at": member.joined_at.isoformat(),
        "link": member.link_id,
    }


async def _member_to_decide_about(admission: Admission, person: str) -> Membership:
    """Owners decide about everybody, teachers about editors and viewers."""
    found = await Membership.objects.filter(session=admission.session, visitor=person).afirst()
    if found is None:
        raise NotFound(f"there is no person {person} in this session")
    if not admission.role.may_own:
        raise Forbidden("only the owner of the session, or a teacher in it, may do that")
    if found.id == admission.member:
        raise Forbidden("you cannot change your own role; hand the session over, or leave it")
    if not admission.role.may_end and Role(found.role).may_own:
        raise Forbidden("only the owner decides about owners and teachers")
    return found


async def _change(member: Membership, role: Role, reason: str) -> None:
    member.role = role.value
    member.turn += 1
    await member.asave(update_fields=["role", "turn", "link"])
    await _tell(member, role, reason)


async def _tell(member: Membership, role: Role, reason: str) -> None:
    access_book().end_member(member.session_id, member.id)
    change = MemberChange(member.session_id, person_of(member), role, reason=reason)
    await announcer().member_changed(change)


_WORDS = {
    Role.OWNER: "the owner",
    Role.TEACHER: "a teacher",
    Role.EDITOR: "an editor",
    Role.VIEWER: "a viewer",
}
