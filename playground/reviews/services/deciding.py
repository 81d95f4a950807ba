"""Decisions: approve, reject, ask for changes, withdraw; and what approving leads to.

An approval is written down first, then sent to the cluster without anything between its requests,
then the outcome is written down. Should the server die in between, `submissions_recover` says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.accounts.visitors import Visitor
from playground.audit.services import Who, audit_append
from playground.hosting.host import Answer, HostError
from playground.hosting.rehearsal import Said
from playground.hosting.selectors import site_host
from playground.lab_sessions.problems import Conflict, Forbidden, Invalid
from playground.reviews.commands import command_run
from playground.reviews.forecast.applied import Applied, applied_of
from playground.reviews.items import is_command, live_path, request_of, without_secrets
from playground.reviews.life import DECISIONS, REVIEWERS_ACTS, Act, State, after
from playground.reviews.models import Decision, Item, Submission, Version
from playground.reviews.notices import notice_queue
from playground.reviews.permissions import standing_of
from playground.reviews.sealing import Unsealable
from playground.reviews.selectors import courier, recorder
from playground.reviews.telling import review_show

MESSAGE_LENGTH_MAX = 10_000
_NAME = 120
_INTERRUPTED = "the server stopped while this was being applied; look, then approve it again"


async def submission_decide(
    *,
    submission: Submission,
    visitor: Visitor,
    act: Act,
    message: str = "",
    version: int | None = None,
) -> Submission:
    """Decide. `version`: the newest that the person has seen; with a newer one it is refused.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    if act not in DECISIONS:
        raise Invalid(f"act {act.value!r}: it cannot be asked for", field="act")
    if len(message) > MESSAGE_LENGTH_MAX:
        raise Invalid(f"message: at most {MESSAGE_LENGTH_MAX} characters", field="message")
    standing = await standing_of(submission, visitor)
    if act in REVIEWERS_ACTS and not standing.is_reviewer:
        raise Forbidden("only reviewers decide")
    if act in REVIEWERS_ACTS and standing.is_submitter:
        raise Forbidden("nobody decides about their own submission")
    if act is Act.WITHDRAW and not standing.is_submitter:
        raise Forbidden("only who submitted it withdraws it")
    await recorder().drain(submission.session_id)
    decided = await sync_to_async(_decide)(submission.pk, visitor, act, message.strip(), version)
    if act is Act.APPROVE:
        decided = await _apply(decided, visitor)
    courier().wake()
    review_show(decided.session_id)
    return decided


async def submissions_recover() -> int:
    """After a start: approvals that were on their way when the server stopped. How many."""
    stuck = [one async for one in Submission.objects.filter(state=State.APPROVED.value)]
    for submission in stuck:
        applied = Applied(0, "", "", "", "", "refused", 500, "", _INTERRUPTED, "")
        await sync_to_async(_finish)(submission.pk, None, [applied.body()])
    return len(stuck)


def _decide(pk: int, visitor: Visitor, act: Act, message: str, version: int | None) -> Submission:
    with transaction.atomic():
        submission = Submission.objects.select_for_update().get(pk=pk)
        if version is not None and version != submission.version:
            raise Conflict(f"version {submission.version} has come in since; look at it first")
        state = after(State(submission.state), act)
        if state is None:
            raise Conflict(f"this submission is {submission.state}")
        newest = Version.objects.get(submission=submission, version=submission.version)
        if act is Act.APPROVE and newest.is_cut:
            raise Conflict("this submission is larger than is kept, and cannot be approved")
        submission.state = state.value
        submission.updated_at = timezone.now()
        submission.save(update_fields=["state", "updated_at"])
        Decision.objects.create(
            submission=submission,
            by=visitor.id,
            by_name=visitor.name[:_NAME],
            at=submission.updated_at,
            act=act.value,
            version=submission.version,
            message=message,
        )
        who = Who(visitor.id, visitor.name)
        data = {"version": submission.version, "state": state.value}
        subject = f"submission {submission}"
        audit_append(who=who, action=f"review.{act.value}", subject=subject, data=data)
        if act is not Act.APPROVE:
            notice_queue(submission, act.value, who, message)
        if state.is_over:
            _drop_secrets(submission)
    return submission


@dataclass(frozen=True, slots=True)
class _Sent:
    item: Item
    live: bytes
    said: Said


async def _apply(submission: Submission, visitor: Visitor) -> Submission:
    """Send what was approved, as its submitter, and write down what came of it."""
    done = {one["item"]: one for one in submission.result or [] if one["outcome"] != "refused"}
    items = Item.objects.filter(version__submission=submission, version__version=submission.version)
    waiting = [item async for item in items if item.position not in done]
    try:
        sent = await _send(submission, waiting)
    except (HostError, Unsealable) as problem:
        sent = [_Sent(item, b"", Said(500, str(problem).encode())) for item in waiting]
    result = list(done.values())
    result += [applied_of(one.item, one.live, one.said).body() for one in sent]
    result.sort(key=lambda one: one["item"])
    return await sync_to_async(_finish)(submission.pk, visitor, result)


async def _send(submission: Submission, items: Sequence[Item]) -> list[_Sent]:
    host, cluster_id = site_host(), submission.session_id
    looks = [Request("GET", live_path(item), user=ADMIN) for item in items]
    lives = [await host.call(cluster_id, look) if look.path else Answer(404) for look in looks]
    bodies = [live.body if live.status == 200 else b"" for live in lives]
    requests = [request_of(submission, item) for item in items]
    if not any(is_command(item) for item in items):
        answers = await host.call_all(cluster_id, requests)
        said = [Said(answer.status, answer.body) for answer in answers]
    else:
        said = [
            await command_run(host, cluster_id, request)
            if is_command(item)
            else _said(await host.call(cluster_id, request))
            for item, request in zip(items, requests, strict=True)
        ]
    await asyncio.sleep(0)
    return [_Sent(*one) for one in zip(items, bodies, said, strict=True)]


def _said(answer: Answer) -> Said:
    return Said(answer.status, answer.body)


def _finish(pk: int, visitor: Visitor | None, result: list[dict[str, Any]]) -> Submission:
    with transaction.atomic():
        submission = Submission.objects.select_for_update().get(pk=pk)
        is_refused = any(one["outcome"] == "refused" for one in result)
        state = after(State(submission.state), Act.FAIL if is_refused else Act.SUCCEED)
        if state is None:
            return submission
        submission.state, submission.result = state.value, result
        submission.updated_at = timezone.now()
        submission.save(update_fields=["state", "result", "updated_at"])
        who = Who(visitor.id, visitor.name) if visitor is not None else Who("", "")
        outcomes = [one["outcome"] for one in result]
        data = {"version": submission.version, "outcomes": outcomes}
        audit_append(
            who=who, action=f"review.{state.value}", subject=f"submission {submission}", data=data
        )
        notice_queue(submission, state.value, who)
        if state.is_over:
            _drop_secrets(submission)
    return submission


def _drop_secrets(submission: Submission) -> None:
    """What was kept to be sent and may not be read goes when it is over."""
    items = Item.objects.filter(version__submission=submission, is_secret=True)
    Item.objects.bulk_update([without_secrets(item) for item in items], ["sealed"])
