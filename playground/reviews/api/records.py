"""The record of writes, the switch of a session, the audit log over REST."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import islice

from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse

from playground.audit.selectors import entries_after, export_lines, head_get, log_verify
from playground.audit.services import Who, audit_note
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.problems import Invalid, NotFound
from playground.reviews.api.asking import limit_of, number_of, person_of
from playground.reviews.api.bodies import write_body
from playground.reviews.permissions import check_audit, may_switch
from playground.reviews.selectors import desk_body, recorder, writes_seen_by
from playground.reviews.services import review_switch_asked
from playground.site.addresses import base_url

_NUMBER_MAX = 2**53
_FILTERS = {"session": "session_id", "submitter": "person", "source": "source", "kind": "kind"}
_EXPORT_LINES = 500


@endpoint("GET")
async def writes(asked: ApiRequest) -> HttpResponse:
    """The record, newest first."""
    query = asked.http.GET.dict()
    session_id = query.get("session", "")
    visitor = await person_of(asked, session_id)
    if session_id:
        await recorder().drain(session_id)
    found = await writes_seen_by(visitor)
    for field, column in (*_FILTERS.items(), ("namespace", "namespace")):
        if query.get(field):
            value = query[field]
            if field == "submitter" and value == "me":
                value = visitor.id if visitor is not None else ""
            found = found.filter(**{column: value})
    cursor = number_of(query.get("cursor"), "cursor", 0, _NUMBER_MAX)
    limit = limit_of(asked)
    page = found.filter(pk__lt=cursor) if cursor else found
    rows = [one async for one in page.select_related("submission").order_by("-pk")[: limit + 1]]
    following = rows[limit - 1].pk if len(rows) > limit else None
    bodies = [write_body(row, has_text=False) for row in rows[:limit]]
    return reply({"writes": bodies, "next": following})


@endpoint("GET")
async def write(asked: ApiRequest, number: int) -> HttpResponse:
    """One write with its text."""
    found = await writes_seen_by(asked.known_visitor)
    row = await found.filter(pk=number).select_related("submission").afirst()
    if row is None:
        raise NotFound(f"there is no write {number}, or it is not yours to see")
    return reply(write_body(row, has_text=True))


@endpoint("GET", "PUT")
async def session_review(asked: ApiRequest, session_id: str) -> HttpResponse:
    """Whether review is on in a session; or switch it."""
    admission = await asked.admission(session_id)
    session, visitor = admission.session, asked.visitor
    if asked.method == "PUT":
        wish = asked.body().get("on")
        if not isinstance(wish, bool):
            raise Invalid(f"on is {wish!r}: give true or false", field="on")
        base = base_url(asked.http)
        await review_switch_asked(session, wish, visitor=visitor, base_url=base)
    return reply(await desk_body(session, may_switch=await may_switch(session, visitor)))


@endpoint("GET")
async def audit(asked: ApiRequest) -> HttpResponse:
    """Entries of the audit log, oldest first."""
    await check_audit(asked.known_visitor)
    query = asked.http.GET
    after = number_of(query.get("after"), "after", 0, _NUMBER_MAX) or 0
    limit = number_of(query.get("limit"), "limit", 1, 1000) or 1000
    head = await head_get()
    return reply({"entries": await entries_after(after, limit), "head": head.body()})


@endpoint("GET")
async def audit_verify(asked: ApiRequest) -> HttpResponse:
    """Whether the log is as it was written."""
    await check_audit(asked.known_visitor)
    count, problem = await log_verify()
    return reply({"ok": not problem, "entries": count, "problem": problem})


@endpoint("GET")
async def audit_export(asked: ApiRequest) -> HttpResponse:
    """The whole log as JSON lines; `manage.py audit verify --file` checks them."""
    await check_audit(asked.known_visitor)
    visitor = asked.visitor
    who = Who(visitor.id, visitor.name)
    await audit_note(who=who, action="audit.exported", subject="audit log")
    response = StreamingHttpResponse(_lines(), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="podyard-audit.jsonl"'
    return response  # type: ignore[return-value]


async def _lines() -> AsyncIterator[bytes]:
    """Some lines at a time, so that a long log does not hold up the site."""
    lines = export_lines()
    while chunk := await sync_to_async(_some)(lines):
        yield chunk


def _some(lines: Iterator[bytes]) -> bytes:
    return b"".join(islice(lines, _EXPORT_LINES))
