"""Submissions over REST: the list, one of them, its versions, what it would do."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import Count, QuerySet
from django.http import HttpResponse

from playground.audit.services import Who, audit_note
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.problems import NotFound
from playground.reviews.api.asking import (
    limit_of,
    number_of,
    person_of,
    submission_of,
    tagged,
    text_of,
)
from playground.reviews.api.bodies import detail, summary, text_difference, version_body
from playground.reviews.forecast.effect import effect_of
from playground.reviews.models import Submission, Version
from playground.reviews.permissions import Standing, check_reveal, is_reviewer_of
from playground.reviews.selectors import recorder, submissions_filter, submissions_seen_by
from playground.reviews.services import submission_resubmit
from playground.site.addresses import base_url

_NUMBER_MAX = 2**31
_COUNTED = {"state", "cursor", "limit"}


@endpoint("GET")
async def submissions(asked: ApiRequest) -> HttpResponse:
    """Those that somebody may see, newest first."""
    query = asked.http.GET.dict()
    session_id = query.get("session", "")
    visitor = await person_of(asked, session_id)
    if session_id:
        await recorder().drain(session_id)
    seen = await submissions_seen_by(visitor)
    found = submissions_filter(seen, query, visitor)
    limit = limit_of(asked)
    cursor = number_of(query.get("cursor"), "cursor", 0, 2**53)
    page = found.filter(pk__lt=cursor) if cursor else found
    rows = [one async for one in page.select_related("session").order_by("-pk")[: limit + 1]]
    reviews: dict[str, bool] = {}
    bodies = []
    for row in rows[:limit]:
        if row.session_id not in reviews:
            reviews[row.session_id] = await is_reviewer_of(row.session_id, visitor)
        is_own = visitor is not None and row.submitter == visitor.id
        standing = Standing(is_own, reviews[row.session_id])
        bodies.append(summary(row, standing, base_url(asked.http)))
    without_state = {key: value for key, value in query.items() if key not in _COUNTED}
    counts = await _counts(submissions_filter(seen, without_state, visitor))
    following = rows[limit - 1].pk if len(rows) > limit else None
    return tagged(asked, {"submissions": bodies, "next": following, "counts": counts})


async def _counts(found: QuerySet[Submission]) -> dict[str, int]:
    rows = found.order_by().values("state").annotate(count=Count("pk", distinct=True))
    return {row["state"]: row["count"] async for row in rows}


@endpoint("GET")
async def submission(asked: ApiRequest, submission_id: str) -> HttpResponse:
    """One, with its newest version, what was said and what was decided."""
    found, _, standing = await submission_of(asked, submission_id)
    return tagged(asked, await detail(found, standing, base_url(asked.http)))


@endpoint("POST")
async def versions(asked: ApiRequest, submission_id: str) -> HttpResponse:
    """The submitter's next version."""
    found, visitor, standing = await submission_of(asked, submission_id)
    body = asked.body()
    text, message = text_of(body, "text"), text_of(body, "message", "")
    newest = await submission_resubmit(
        submission=found, visitor=visitor, text=text, message=message
    )
    return reply(await _detail(newest, standing, asked), 201)


@endpoint("GET")
async def version(asked: ApiRequest, submission_id: str, number: int) -> HttpResponse:
    """One version; with `reveal`, Secrets' values too."""
    found, visitor, standing = await submission_of(asked, submission_id)
    is_open = asked.http.GET.get("reveal", "") in ("1", "true")
    row = await _version(found, number)
    if is_open:
        await check_reveal(visitor, standing)
        who = Who(visitor.id, visitor.name)
        data = {"version": number}
        subject = f"submission {found}"
        await audit_note(who=who, action="review.secret-revealed", subject=subject, data=data)
    return reply(await _version_body(row, is_open=is_open))


@endpoint("GET")
async def changes(asked: ApiRequest, submission_id: str) -> HttpResponse:
    """What is different between two versions' texts."""
    found, _, _ = await submission_of(asked, submission_id)
    query = asked.http.GET
    to = number_of(query.get("to"), "to", 1, _NUMBER_MAX) or found.version
    from_ = number_of(query.get("from"), "from", 1, _NUMBER_MAX) or max(to - 1, 1)
    one, other = await _version(found, from_), await _version(found, to)
    return reply({"from": from_, "to": to, "diff": text_difference(one, other)})


@endpoint("GET")
async def effect(asked: ApiRequest, submission_id: str) -> HttpResponse:
    """What it would do now."""
    found, _, _ = await submission_of(asked, submission_id)
    query = asked.http.GET
    told = await effect_of(
        found,
        version=number_of(query.get("version"), "version", 1, _NUMBER_MAX),
        seconds=number_of(query.get("seconds"), "seconds", 0, _NUMBER_MAX),
    )
    return reply(told)


async def _detail(found: Submission, standing: Standing, asked: ApiRequest) -> dict[str, Any]:
    row = await Submission.objects.select_related("session").aget(pk=found.pk)
    return await detail(row, standing, base_url(asked.http))


async def _version(found: Submission, number: int) -> Version:
    row = await Version.objects.filter(submission=found, version=number).afirst()
    if row is None:
        raise NotFound(f"submission {found} has no version {number}")
    return row


async def _version_body(row: Version, *, is_open: bool) -> dict[str, Any]:
    return await sync_to_async(version_body)(row, is_open=is_open)
