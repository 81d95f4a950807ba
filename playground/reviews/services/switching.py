"""Review on and off, for one session."""

from __future__ import annotations

from typing import Any

import orjson
from asgiref.sync import sync_to_async
from django.db.models import Max, Q

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.accounts.models import Grant, Person
from playground.accounts.rights import Right
from playground.accounts.visitors import Visitor
from playground.audit.services import Who, audit_note
from playground.hosting.selectors import site_host
from playground.lab_sessions.announcer import MemberChange
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.problems import Forbidden, Refused
from playground.reviews.models import Desk, Version
from playground.reviews.permissions import may_switch, teachers
from playground.reviews.telling import review_show

PATH = "/podyard/v1/review"
_NAME = 120


async def review_switch(
    session: Session, on: bool, *, by: Visitor | None = None, base_url: str = ""
) -> Desk:
    """Switch review on or off for those who have been found to be allowed to: a classroom, the
    site. `by`: whose review it then is; they and the session's teachers are not held back."""
    desk, _ = await Desk.objects.aget_or_create(session=session)
    was_on, desk.is_on = desk.is_on, on
    if on:
        desk.switched_by = by.id if by is not None else desk.switched_by
        desk.switched_by_name = by.name[:_NAME] if by is not None else desk.switched_by_name
        desk.base_url = base_url or desk.base_url
    await desk.asave(update_fields=["is_on", "switched_by", "switched_by_name", "base_url"])
    await _tell(desk)
    if was_on != on:
        who = Who(by.id, by.name) if by is not None else None
        action = "review.switched-on" if on else "review.switched-off"
        await audit_note(who=who, action=action, subject=f"session {session.id}")
        review_show(session.id)
    return desk


async def review_switch_asked(
    session: Session, on: bool, *, visitor: Visitor, base_url: str = ""
) -> Desk:
    """The same for somebody who asks. Raises Forbidden."""
    if not await may_switch(session, visitor):
        raise Forbidden("review is switched by the session's teacher, or by its owner")
    return await review_switch(session, on, by=visitor, base_url=base_url)


async def review_follow(change: MemberChange) -> None:
    """A member listener: who comes or goes may be a reviewer."""
    desk = await Desk.objects.filter(session_id=change.session_id, is_on=True).afirst()
    if desk is not None and site_host().has(change.session_id):
        await _tell(desk)


async def review_follow_renewal(session: Session, is_fresh: bool) -> None:
    """A listener of renewals: neither a new cluster nor an earlier state knows of the review."""
    await review_renew(session)


async def review_renew(session: Session) -> None:
    """Tell the cluster again who reviews, and from where to count on."""
    desk = await Desk.objects.filter(session=session).afirst()
    if desk is not None:
        await _tell(desk)


async def _tell(desk: Desk) -> None:
    """Raises Refused when the cluster will not hear it."""
    wish: dict[str, Any] = {
        "on": desk.is_on,
        "reviewers": await _reviewers(desk) if desk.is_on else [],
        "address": f"{desk.base_url}/review/{desk.session_id}-" if desk.is_on else "",
        "writes": desk.drained,
        "submissions": await _last_number(desk.session_id),
    }
    request = Request("PUT", PATH, body=orjson.dumps(wish), user=ADMIN)
    answer = await site_host().call(desk.session_id, request)
    if answer.status != 200:
        raise Refused("the cluster did not take the switch; try again")


@sync_to_async
def _reviewers(desk: Desk) -> list[str]:
    """Ids of people who are not held back: whose review it is, the session's teachers, and members
    with the right to review."""
    members = Membership.objects.filter(session_id=desk.session_id)
    ids = set(members.values_list("visitor", flat=True))
    has_right = Q(user__is_superuser=True) | Q(user__groups__name=Right.REVIEW.group)
    people = Person.objects.filter(has_right, visitor__in=ids, user__is_active=True)
    granted = Grant.objects.filter(visitor__in=ids, right=Right.REVIEW.value)
    taught = teachers().filter(session_id=desk.session_id)
    found = set(taught.values_list("visitor", flat=True))
    found |= set(people.values_list("visitor", flat=True))
    found |= set(granted.values_list("visitor", flat=True))
    return sorted(found | ({desk.switched_by} - {""}))


@sync_to_async
def _last_number(session_id: str) -> int:
    found = Version.objects.filter(session_id=session_id).aggregate(last=Max("number"))
    return int(found["last"] or 0)
