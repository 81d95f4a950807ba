"""Submissions, versions, writes as JSON. Reads what it needs beside; decides nothing."""

from __future__ import annotations

import difflib
from typing import Any

from asgiref.sync import sync_to_async

from playground.reviews.items import reopened
from playground.reviews.models import Comment, Decision, Desk, Item, Submission, Version, Write
from playground.reviews.permissions import Standing
from playground.reviews.sealing import Unsealable
from playground.reviews.texts import joined, shown


def person(id_: str, name: str) -> dict[str, str] | None:
    """A person; None for nobody."""
    return {"id": id_, "name": name} if id_ else None


def summary(submission: Submission, standing: Standing, base_url: str) -> dict[str, Any]:
    """One line of the list. The session must have been selected with it."""
    return {
        "id": str(submission),
        "session": {"id": submission.session_id, "name": submission.session.name},
        "number": submission.number,
        "state": submission.state,
        "title": submission.title,
        "submitter": person(submission.submitter, submission.submitter_name)
        or {"id": "", "name": submission.submitter_name},
        "source": submission.source,
        "command": submission.command,
        "created_at": submission.created_at.isoformat(),
        "updated_at": submission.updated_at.isoformat(),
        "version": submission.version,
        "documents": submission.documents,
        "kinds": submission.kinds,
        "namespaces": submission.namespaces,
        "assignee": person(submission.assignee, submission.assignee_name),
        "comments": submission.comment_count,
        "findings": submission.findings,
        "url": f"{base_url}/review/{submission}/",
        "may": standing.may(submission),
    }


@sync_to_async
def detail(submission: Submission, standing: Standing, base_url: str) -> dict[str, Any]:
    """A submission with everything that was said and done."""
    versions = list(submission.versions.order_by("version"))
    return {
        **summary(submission, standing, base_url),
        "latest": version_body(versions[-1], is_open=False),
        "versions": [
            {
                "version": one.version,
                "at": one.at.isoformat(),
                "source": one.source,
                "command": one.command,
                "message": one.message,
            }
            for one in versions
        ],
        "conversation": [comment_body(one) for one in submission.comments.all()],
        "decisions": [decision_body(one) for one in submission.decisions.all()],
        "result": submission.result,
        "is_review_on": Desk.objects.filter(session=submission.session_id, is_on=True).exists(),
    }


def version_body(version: Version, *, is_open: bool) -> dict[str, Any]:
    """One version; with `is_open`, Secrets' values are shown as long as they are kept."""
    items = list(version.items.all())
    text = version.text
    if is_open:
        text, lines = joined([_open_text(item, version.command) for item in items])
    else:
        lines = [item.line for item in items]
    document = -1
    bodies = []
    for item, line in zip(items, lines, strict=True):
        document += int(item.is_manifest)
        bodies.append(_item_body(item, line, document if item.is_manifest else None))
    return {
        "version": version.version,
        "number": version.number,
        "at": version.at.isoformat(),
        "source": version.source,
        "command": version.command,
        "message": version.message,
        "text": text,
        "findings": version.findings,
        "items": bodies,
        "is_cut": version.is_cut,
    }


def comment_body(comment: Comment) -> dict[str, Any]:
    """One comment."""
    return {
        "number": comment.number,
        "by": {"id": comment.by, "name": comment.by_name},
        "at": comment.at.isoformat(),
        "version": comment.version,
        "line": comment.line,
        "text": comment.text,
    }


def decision_body(decision: Decision) -> dict[str, Any]:
    """One decision."""
    return {
        "by": {"id": decision.by, "name": decision.by_name},
        "at": decision.at.isoformat(),
        "act": decision.act,
        "version": decision.version,
        "message": decision.message,
    }


def write_body(write: Write, *, has_text: bool) -> dict[str, Any]:
    """One line of the record."""
    found: dict[str, Any] = {
        "number": write.pk,
        "session": write.session_id,
        "sequence": write.sequence,
        "at": write.at.isoformat(),
        "time": write.time_ms,
        "by": {"id": write.person, "name": write.person_name},
        "source": write.source,
        "command": write.command,
        "act": write.act,
        "verb": write.verb,
        "apiVersion": write.api_version,
        "kind": write.kind,
        "namespace": write.namespace,
        "name": write.name,
        "subresource": write.subresource,
        "code": write.code,
        "reason": write.reason,
        "message": write.message,
        "revision": write.revision,
        "submission": str(write.submission) if write.submission is not None else None,
    }
    if has_text:
        found["text"] = write.text
    return found


def text_difference(one: Version, other: Version) -> str:
    """A unified diff of two versions' texts."""
    lines = difflib.unified_diff(
        one.text.splitlines(keepends=True),
        other.text.splitlines(keepends=True),
        f"version {one.version}",
        f"version {other.version}",
        n=4,
    )
    return "".join(lines)


def _item_body(item: Item, line: int, document: int | None) -> dict[str, Any]:
    return {
        "item": item.position,
        "document": document,
        "line": line,
        "act": item.act,
        "verb": item.verb,
        "method": item.method,
        "path": item.path,
        "apiVersion": item.api_version,
        "kind": item.kind,
        "namespace": item.namespace,
        "name": item.name,
        "subresource": item.subresource,
        "is_manifest": item.is_manifest,
        "is_secret": item.is_secret,
    }


def _open_text(item: Item, command: str) -> str:
    if not item.is_secret or not item.sealed:
        return item.text
    try:
        return shown(reopened(item, command), is_open=True).text
    except Unsealable:
        return item.text
