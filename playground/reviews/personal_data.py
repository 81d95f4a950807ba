"""What the review desk stores about people; see playground.accounts.personal_data.

A record that others rely on stays when a person goes, without saying who they were.
"""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db.models import Model
from django.utils import timezone

from playground.accounts.personal_data import Holding, Rows
from playground.accounts.visitors import Visitor
from playground.reviews.life import State
from playground.reviews.models import Comment, Decision, Desk, Submission, Write

_GONE = "deleted"
#: Every field that says who, with the name beside it.
_PEOPLE: tuple[tuple[type[Model], str, str], ...] = (
    (Write, "person", "person_name"),
    (Submission, "submitter", "submitter_name"),
    (Submission, "assignee", "assignee_name"),
    (Comment, "by", "by_name"),
    (Decision, "by", "by_name"),
    (Desk, "switched_by", "switched_by_name"),
)


async def _export(visitor_id: str) -> Rows:
    rows: Rows = [
        {
            "submission": str(one),
            "title": one.title,
            "state": one.state,
            "at": one.created_at.isoformat(),
        }
        async for one in Submission.objects.filter(submitter=visitor_id).order_by("created_at")
    ]
    rows += [
        {"comment_on": str(one.submission), "text": one.text, "at": one.at.isoformat()}
        async for one in Comment.objects.filter(by=visitor_id).select_related("submission")
    ]
    rows += [
        {"decision_on": str(one.submission), "act": one.act, "at": one.at.isoformat()}
        async for one in Decision.objects.filter(by=visitor_id).select_related("submission")
    ]
    return rows


async def _export_writes(visitor_id: str) -> Rows:
    return [
        {
            "session": one.session_id,
            "at": one.at.isoformat(),
            "what": f"{one.act} {one.kind} {one.name}".strip(),
            "text": one.text,
        }
        async for one in Write.objects.filter(person=visitor_id).order_by("pk")
    ]


@sync_to_async
def _erase(visitor_id: str) -> None:
    undecided = [state.value for state in State if state.is_undecided]
    mine = Submission.objects.filter(submitter=visitor_id, state__in=undecided)
    mine.update(state=State.WITHDRAWN.value, updated_at=timezone.now())
    for model, field, name in _PEOPLE:
        rows = model._default_manager.filter(**{field: visitor_id})
        rows.update(**{field: "", name: _GONE})


def _move(old: str, new: Visitor) -> None:
    for model, field, name in _PEOPLE:
        rows = model._default_manager.filter(**{field: old})
        rows.update(**{field: new.id, name: new.name})


HOLDINGS = (
    Holding(
        key="writes",
        what=(
            "What you applied, changed and deleted in clusters: when, from where, the text, and "
            "what the cluster said. Values of Secrets are masked"
        ),
        why="So that a teacher or reviewer can see what happened in a session",
        how_long=(
            "With the session's record, the newest {PODYARD_WRITES_KEPT_MAX} of a session; "
            "when your data is deleted they stay without your name"
        ),
        models=("reviews.write",),
        export=_export_writes,
    ),
    Holding(
        key="reviews",
        what="Submissions for review, comments and decisions, with your name",
        why="To have manifests reviewed before they are applied",
        how_long=(
            "With the session's record; when your data is deleted they stay without your name"
        ),
        models=(
            "reviews.desk",
            "reviews.submission",
            "reviews.version",
            "reviews.item",
            "reviews.comment",
            "reviews.decision",
        ),
        export=_export,
        erase=_erase,
        move=_move,
    ),
    Holding(
        key="notifications",
        what="Messages about submissions to the site's reviewers, with names of people in them",
        why="To tell reviewers that something waits",
        how_long="The newest {PODYARD_REVIEW_DELIVERIES_KEPT_MAX}",
        models=("reviews.delivery", "reviews.hook"),
    ),
)
