"""Messages about submissions on their way: written down together with what they tell of.

`deliveries.py` sends them, again and again until they arrive or too often was tried.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from playground.audit.services import Who
from playground.reviews.models import Delivery, Desk, Hook, Submission


def notice_queue(submission: Submission, event: str, who: Who, message: str = "") -> None:
    """Queue one message for every hook and mailbox. Part of the open transaction."""
    payload = _payload(submission, event, who, message)
    now = timezone.now()
    targets = [(hook.url, hook.secret) for hook in Hook.objects.filter(is_on=True)]
    if settings.PODYARD_REVIEW_WEBHOOK_URL:
        targets.append((settings.PODYARD_REVIEW_WEBHOOK_URL, ""))
    rows = [
        Delivery(
            kind=Delivery.Kind.WEBHOOK,
            target=url,
            secret=secret,
            event=event,
            payload=payload,
            made_at=now,
            due_at=now,
        )
        for url, secret in targets
    ]
    rows += [
        Delivery(
            kind=Delivery.Kind.EMAIL,
            target=address,
            event=event,
            payload=payload,
            made_at=now,
            due_at=now,
        )
        for address in settings.PODYARD_REVIEW_EMAILS
    ]
    if rows:
        Delivery.objects.bulk_create(rows)


def page_of(submission: Submission) -> str:
    """The address of a submission's page."""
    desk = Desk.objects.filter(session_id=submission.session_id).first()
    base = desk.base_url if desk is not None else ""
    return f"{base}/review/{submission}/"


def _payload(submission: Submission, event: str, who: Who, message: str) -> dict[str, Any]:
    return {
        "event": f"submission.{event}",
        "submission": str(submission),
        "session": submission.session_id,
        "number": submission.number,
        "state": submission.state,
        "title": submission.title,
        "version": submission.version,
        "submitter": submission.submitter_name,
        "by": who.name,
        "message": message,
        "url": page_of(submission),
        "findings": submission.findings,
    }
