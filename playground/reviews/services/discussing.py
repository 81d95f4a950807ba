"""Comments, and who looks after a submission."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from playground.accounts.visitors import Visitor
from playground.audit.services import Who, audit_append
from playground.lab_sessions.problems import Forbidden, Invalid, TooMany
from playground.reviews.models import Comment, Submission, Version
from playground.reviews.notices import notice_queue
from playground.reviews.permissions import is_reviewer_of, standing_of
from playground.reviews.selectors import courier

TEXT_LENGTH_MAX = 10_000
_NAME = 120


async def submission_comment(
    *,
    submission: Submission,
    visitor: Visitor,
    text: str,
    version: int | None = None,
    line: int | None = None,
) -> Comment:
    """Say something, about a line if one is given. Raises NotFound, Invalid, TooMany."""
    await standing_of(submission, visitor)
    text = text.strip()
    if not text or len(text) > TEXT_LENGTH_MAX:
        raise Invalid(f"text: give 1 to {TEXT_LENGTH_MAX} characters", field="text")
    comment = await sync_to_async(_comment)(submission.pk, visitor, text, version, line)
    courier().wake()
    return comment


def _comment(
    pk: int, visitor: Visitor, text: str, version: int | None, line: int | None
) -> Comment:
    with transaction.atomic():
        submission = Submission.objects.select_for_update().get(pk=pk)
        number = version or submission.version
        about = Version.objects.filter(submission=submission, version=number).first()
        if about is None:
            raise Invalid(f"version {number}: there is none", field="version")
        most = about.text.count("\n")
        if line is not None and not 1 <= line <= most:
            raise Invalid(f"line {line}: the text has lines 1 to {most}", field="line")
        if submission.comment_count >= settings.PODYARD_REVIEW_COMMENTS_MAX:
            raise TooMany("this submission has all the comments it can have")
        submission.comment_count += 1
        submission.updated_at = timezone.now()
        submission.save(update_fields=["comment_count", "updated_at"])
        comment = Comment.objects.create(
            submission=submission,
            number=submission.comment_count,
            by=visitor.id,
            by_name=visitor.name[:_NAME],
            at=submission.updated_at,
            version=number,
            line=line,
            text=text,
        )
        who = Who(visitor.id, visitor.name)
        data = {"comment": comment.number, "version": number, "line": line}
        audit_append(
            who=who, action="review.commented", subject=f"submission {submission}", data=data
        )
        notice_queue(submission, "commented", who, text)
    return comment


async def submission_assign(
    *, submission: Submission, visitor: Visitor, assignee: str, name: str
) -> Submission:
    """Give it to a reviewer, or with an empty id to nobody. Raises NotFound, Forbidden, Invalid."""
    standing = await standing_of(submission, visitor)
    if "assign" not in standing.may(submission):
        raise Forbidden("only reviewers assign, and only what is not over")
    if assignee:
        person = Visitor(assignee, name, "")
        if not await is_reviewer_of(submission.session_id, person):
            raise Invalid("assignee: give a reviewer of this session", field="assignee")
    return await sync_to_async(_assign)(submission.pk, visitor, assignee, name)


def _assign(pk: int, visitor: Visitor, assignee: str, name: str) -> Submission:
    with transaction.atomic():
        submission = Submission.objects.select_for_update().get(pk=pk)
        submission.assignee, submission.assignee_name = assignee, name[:_NAME]
        submission.updated_at = timezone.now()
        submission.save(update_fields=["assignee", "assignee_name", "updated_at"])
        who = Who(visitor.id, visitor.name)
        action = "review.assigned" if assignee else "review.unassigned"
        audit_append(who=who, action=action, subject=f"submission {submission}")
    return submission
