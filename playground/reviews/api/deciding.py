"""Comments, decisions, assignment over REST, for one submission or for many."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from playground.accounts.visitors import Visitor
from playground.hosting.host import HostError
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.problems import Invalid, Refused
from playground.reviews.api.asking import number_of, person_of, submission_of, text_of
from playground.reviews.api.bodies import comment_body, detail
from playground.reviews.life import DECISIONS, Act
from playground.reviews.models import Submission
from playground.reviews.permissions import Standing, is_reviewer_everywhere, is_reviewer_of
from playground.reviews.selectors import reviewers_of
from playground.reviews.services import submission_assign, submission_comment, submission_decide
from playground.site.addresses import base_url

_NUMBER_MAX = 2**31


@endpoint("POST")
async def comments(asked: ApiRequest, submission_id: str) -> HttpResponse:
    """Say something."""
    found, visitor, _ = await submission_of(asked, submission_id)
    body = asked.body()
    comment = await submission_comment(
        submission=found,
        visitor=visitor,
        text=text_of(body, "text"),
        version=number_of(body.get("version"), "version", 1, _NUMBER_MAX),
        line=number_of(body.get("line"), "line", 1, _NUMBER_MAX),
    )
    return reply(comment_body(comment), 201)


@endpoint("POST")
async def decisions(asked: ApiRequest, submission_id: str) -> HttpResponse:
    """Decide."""
    found, visitor, standing = await submission_of(asked, submission_id)
    body = asked.body()
    await submission_decide(
        submission=found,
        visitor=visitor,
        act=_act(body.get("act")),
        message=text_of(body, "message", ""),
        version=number_of(body.get("version"), "version", 1, _NUMBER_MAX),
    )
    return reply(await _detail(found, standing, asked))


@endpoint("PUT")
async def assignee(asked: ApiRequest, submission_id: str) -> HttpResponse:
    """Give it to somebody, or to nobody."""
    found, visitor, standing = await submission_of(asked, submission_id)
    await _assign(found, visitor, asked.body().get("assignee"))
    return reply(await _detail(found, standing, asked))


@endpoint("POST")
async def bulk(asked: ApiRequest) -> HttpResponse:
    """The same for many, one after the other; each says how it went."""
    body = asked.body()
    ids = body.get("ids")
    most = settings.PODYARD_REVIEW_BULK_MAX
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise Invalid("ids: give a list of submissions", field="ids")
    if not 1 <= len(ids) <= most:
        raise Invalid(f"ids: give 1 to {most}", field="ids")
    act = None if "assignee" in body else _act(body.get("act"))
    message = text_of(body, "message", "")
    results = []
    for one in dict.fromkeys(ids):
        results.append(await _one_of_many(asked, one, act, message, body.get("assignee")))
    return reply({"results": results})


@endpoint("GET")
async def reviewers(asked: ApiRequest) -> HttpResponse:
    """Whom to assign."""
    session_id = asked.http.GET.get("session", "")
    visitor = await person_of(asked, session_id)
    is_one = await is_reviewer_everywhere(visitor)
    if not is_one and not await is_reviewer_of(session_id, visitor):
        return reply({"reviewers": []})
    return reply({"reviewers": await reviewers_of(session_id)})


async def _one_of_many(
    asked: ApiRequest, submission_id: str, act: Act | None, message: str, assignee: Any
) -> dict[str, Any]:
    try:
        found, visitor, _ = await submission_of(asked, submission_id)
        if act is None:
            decided = await _assign(found, visitor, assignee)
        else:
            decided = await submission_decide(
                submission=found, visitor=visitor, act=act, message=message
            )
    except (Refused, HostError) as refusal:
        return {"id": submission_id, "ok": False, "message": str(refusal)}
    return {"id": submission_id, "ok": True, "state": decided.state}


async def _assign(found: Submission, visitor: Visitor, wish: Any) -> Submission:
    if wish is not None and not isinstance(wish, str):
        raise Invalid(f"assignee is {wish!r}: give an id, 'me' or null", field="assignee")
    id_, name = wish or "", ""
    if wish == "me":
        id_, name = visitor.id, visitor.name
    elif wish:
        known = await reviewers_of(found.session_id)
        name = next((one["name"] for one in known if one["id"] == wish), "")
    return await submission_assign(submission=found, visitor=visitor, assignee=id_, name=name)


def _act(word: Any) -> Act:
    """Raises Invalid."""
    if not isinstance(word, str) or word not in [act.value for act in DECISIONS]:
        known = ", ".join(DECISIONS)
        raise Invalid(f"act is {word!r}: give one of {known}", field="act")
    return Act(word)


async def _detail(found: Submission, standing: Standing, asked: ApiRequest) -> dict[str, Any]:
    row = await Submission.objects.select_related("session").aget(pk=found.pk)
    return await detail(row, standing, base_url(asked.http))
