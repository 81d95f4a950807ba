"""Questions about submissions and writes. Who may see what is decided here; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.apps import apps
from django.db.models import Q, QuerySet

from playground.accounts.models import Grant, Person
from playground.accounts.rights import Right
from playground.accounts.visitors import Visitor
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.problems import Invalid, NotFound
from playground.lab_sessions.roles import Role
from playground.lab_sessions.rules import Act
from playground.reviews.apps import ReviewsConfig
from playground.reviews.life import State
from playground.reviews.models import Desk, Submission, Version, Write
from playground.reviews.permissions import is_reviewer_everywhere, teachers
from playground.reviews.recorder import WriteRecorder
from playground.reviews.sending.courier import Courier

LISTED_MAX = 200


def recorder() -> WriteRecorder:
    """What copies writes into the database."""
    return cast(ReviewsConfig, apps.get_app_config("reviews")).recorder


def courier() -> Courier:
    """What sends messages about submissions."""
    return cast(ReviewsConfig, apps.get_app_config("reviews")).courier


async def submission_find(address: str) -> Submission:
    """A submission by `<session>-<number>`, with the number of any of its versions; what was
    written a moment ago is waited for. Raises NotFound."""
    session_id, _, number = address.rpartition("-")
    if not session_id or not number.isdecimal() or len(number) > 9:
        raise NotFound(f"there is no submission {address}")
    versions = Version.objects.filter(session_id=session_id, number=int(number))
    found = await versions.select_related("submission__session").afirst()
    if found is None:
        await recorder().drain(session_id)
        found = await versions.select_related("submission__session").afirst()
    if found is None:
        raise NotFound(f"there is no submission {address}, or it is not yours to see")
    return found.submission


async def submissions_seen_by(visitor: Visitor | None) -> QuerySet[Submission]:
    """All that somebody may see."""
    if visitor is None:
        return Submission.objects.none()
    if await is_reviewer_everywhere(visitor):
        return Submission.objects.all()
    return Submission.objects.filter(
        Q(submitter=visitor.id) | Q(session_id__in=_reviewed_by(visitor))
    )


async def writes_seen_by(visitor: Visitor | None) -> QuerySet[Write]:
    """All of the record that somebody may see: their own, and of sessions they review or own."""
    if visitor is None:
        return Write.objects.none()
    if await is_reviewer_everywhere(visitor):
        return Write.objects.all()
    owned = Membership.objects.filter(visitor=visitor.id, role=Role.OWNER.value)
    return Write.objects.filter(
        Q(person=visitor.id)
        | Q(session_id__in=_reviewed_by(visitor))
        | Q(session_id__in=owned.values("session_id"))
    )


def submissions_filter(
    seen: QuerySet[Submission], query: Mapping[str, str], visitor: Visitor | None
) -> QuerySet[Submission]:
    """Those that a query asks for. Raises Invalid."""
    me = visitor.id if visitor is not None else ""
    states = [word for word in query.get("state", "").split(",") if word]
    unknown = [word for word in states if word not in list(State)]
    if unknown:
        known = ", ".join(State)
        raise Invalid(f"state {unknown[0]!r}: give one of {known}", field="state")
    if states:
        seen = seen.filter(state__in=states)
    for field, column in (("session", "session_id"), ("source", "source")):
        if query.get(field):
            seen = seen.filter(**{column: query[field]})
    assignee, submitter = query.get("assignee", ""), query.get("submitter", "")
    if assignee:
        wanted = {"me": me, "none": ""}.get(assignee, assignee)
        seen = seen.filter(assignee=wanted)
    if submitter:
        seen = seen.filter(submitter=me if submitter == "me" else submitter)
    text = query.get("text", "").strip()
    if text:
        seen = seen.filter(
            Q(title__icontains=text)
            | Q(submitter_name__icontains=text)
            | Q(versions__text__icontains=text)
        ).distinct()
    for field in ("kind", "namespace"):
        if query.get(field):
            items = {f"versions__items__{field}": query[field]}
            seen = seen.filter(**items).distinct()
    return seen


@sync_to_async
def reviewers_of(session_id: str) -> list[dict[str, str]]:
    """Whom a submission of a session can be given to."""
    found: dict[str, str] = {}
    desk = Desk.objects.filter(session_id=session_id).first()
    if desk is not None and desk.switched_by:
        found[desk.switched_by] = desk.switched_by_name
    has_right = Q(user__is_superuser=True) | Q(user__groups__name=Right.REVIEW.group)
    people = Person.objects.filter(has_right, user__is_active=True).distinct()
    for person in people[:LISTED_MAX]:
        found[person.visitor] = person.name
    for member in teachers().filter(session_id=session_id):
        found.setdefault(member.visitor, member_name(member))
    for grant in Grant.objects.filter(right=Right.REVIEW.value)[:LISTED_MAX]:
        found.setdefault(grant.visitor, "a reviewer")
    return [{"id": one, "name": name} for one, name in sorted(found.items(), key=lambda x: x[1])]


def member_name(member: Membership) -> str:
    """What a member is called."""
    return str(getattr(member, "name", "") or member.role)


async def desk_body(session: Session, *, may_switch: bool) -> dict[str, Any]:
    """A session's review as JSON."""
    desk = await Desk.objects.filter(session=session).afirst()
    undecided = [State.OPEN.value, State.CHANGES_REQUESTED.value, State.FAILED.value]
    waiting = Submission.objects.filter(session=session, state__in=undecided)
    return {
        "on": desk is not None and desk.is_on,
        "reviewers": await reviewers_of(session.id),
        "open": await waiting.acount(),
        "may_switch": may_switch,
    }


async def denied_acts(session_id: str) -> frozenset[Act]:
    """A source of lab_sessions.rules: while review is on, nobody puts a cluster back past it."""
    is_on = await Desk.objects.filter(session_id=session_id, is_on=True).aexists()
    return frozenset((Act.LESSON,)) if is_on else frozenset()


def _reviewed_by(visitor: Visitor) -> QuerySet[Session, str]:
    """Ids of sessions in which somebody reviews without having the right everywhere."""
    taught = teachers().filter(visitor=visitor.id)
    own = Desk.objects.filter(switched_by=visitor.id)
    return Session.objects.filter(
        Q(id__in=taught.values("session_id")) | Q(id__in=own.values("session_id"))
    ).values_list("id", flat=True)
