"""The submitter's next version, written at the desk: it takes the way of every manifest."""

from __future__ import annotations

import secrets
from dataclasses import replace

from django.conf import settings

from cluster_engine.apiserver.requests import Source
from cluster_engine.simulation.limits import Limits
from playground.accounts.visitors import Visitor
from playground.hosting.selectors import site_host
from playground.lab_sessions.lifetimes import session_enter
from playground.lab_sessions.manifests.actions import Action, perform
from playground.lab_sessions.problems import Conflict, Forbidden, Invalid
from playground.reviews.intake import RESUBMITTED
from playground.reviews.models import Desk, Submission, Version
from playground.reviews.permissions import standing_of
from playground.reviews.selectors import recorder

MESSAGE_LENGTH_MAX = 2_000


async def submission_resubmit(
    *, submission: Submission, visitor: Visitor, text: str, message: str = ""
) -> Submission:
    """Hand in another text. It is tried as a whole; what the cluster would refuse is told at once.

    Raises NotFound, Forbidden, Conflict, Invalid (with the first problem).
    """
    standing = await standing_of(submission, visitor)
    if not standing.is_submitter:
        raise Forbidden("only who submitted it hands in another version")
    if "resubmit" not in standing.may(submission):
        raise Conflict(f"this submission is {submission.state}")
    if len(message) > MESSAGE_LENGTH_MAX:
        raise Invalid(f"message: at most {MESSAGE_LENGTH_MAX} characters", field="message")
    if submission.version >= settings.PODYARD_SUBMISSION_VERSIONS_MAX:
        raise Conflict("this submission has all the versions it can have; start a new one")
    if not await Desk.objects.filter(session_id=submission.session_id, is_on=True).aexists():
        raise Conflict("review is off in this session: apply the manifest itself")
    await _send(submission, visitor, text)
    await recorder().drain(submission.session_id)
    newest = await Submission.objects.aget(pk=submission.pk)
    if newest.version == submission.version:
        raise Conflict("nothing of this text waits for review; was it changed at all?")
    if message:
        made = Version.objects.filter(submission=newest, version=newest.version)
        await made.aupdate(message=message)
    return newest


async def _send(submission: Submission, visitor: Visitor, text: str) -> None:
    admission = await session_enter(submission.session_id, visitor=visitor, needs_edit=True)
    limits = replace(
        Limits(),
        yaml_bytes_max=settings.PODYARD_MANIFEST_BYTES_MAX,
        yaml_documents_max=settings.PODYARD_MANIFEST_DOCUMENTS_MAX,
    )
    report = await perform(
        host=site_host(),
        cluster_id=admission.session.id,
        user=admission.role.user,
        text=text,
        action=Action.APPLY,
        limits=limits,
        caller=visitor.caller(Source.EDITOR),
        request_id=f"{RESUBMITTED}{submission.pk}/{secrets.token_hex(8)}",
    )
    problem = next((one for one in report.problems if one.severity == "error"), None)
    if problem is not None:
        raise Invalid(f"line {problem.line}: {problem.message}", field="text")
