"""Sends the messages that `notices.py` queued: one task, one timer, for the next that is due.

A message is claimed before it is sent (its next try is set first), so that several processes do not
send it twice, and none is forgotten when one of them dies.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
import time

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from playground.reviews.models import Delivery
from playground.reviews.sending.webhook import NotDelivered, Post, post, signature

logger = logging.getLogger(__name__)

#: After the first try, the second, …; the last one holds for all later ones.
_PAUSES_SECONDS = (10, 60, 300, 1800, 7200)
_PATIENCE_SECONDS = 3600.0
_AT_ONCE_MAX = 4
_PROBLEM_LENGTH_MAX = 300


class Courier:
    """Start it on the event loop that the site runs on."""

    def __init__(self) -> None:
        self._wakeup = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin (again) on the running event loop. Idempotent."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.get_loop() is not loop:
            self._wakeup = asyncio.Event()
            self._task = loop.create_task(self._run(), name="courier")

    async def stop(self) -> None:
        """End the task; what has not been sent is sent after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def wake(self) -> None:
        """There may be something new to send."""
        self._wakeup.set()

    async def _run(self) -> None:
        while True:
            self._wakeup.clear()
            try:
                due = await self.round(now=timezone.now())
            except Exception:
                logger.exception("the courier stumbled")
                due = None
            delay = _PATIENCE_SECONDS
            if due is not None:
                delay = max(0.1, min(delay, (due - timezone.now()).total_seconds()))
            timer = asyncio.get_running_loop().call_later(delay, self._wakeup.set)
            await self._wakeup.wait()
            timer.cancel()

    async def round(self, *, now: datetime.datetime) -> datetime.datetime | None:
        """Send what is due; when the next is."""
        waiting = Delivery.objects.filter(due_at__lte=now).order_by("due_at")
        found = [one async for one in waiting[:100]]
        gate = asyncio.Semaphore(_AT_ONCE_MAX)

        async def carry(delivery: Delivery) -> None:
            async with gate:
                await self._carry(delivery, now)

        await asyncio.gather(*(carry(delivery) for delivery in found))
        if found:
            await _forget_old()
        following = Delivery.objects.filter(due_at__isnull=False).order_by("due_at")
        first = await following.afirst()
        return first.due_at if first is not None else None

    async def _carry(self, delivery: Delivery, now: datetime.datetime) -> None:
        if not await _claim(delivery, now):
            return
        try:
            await _send(delivery)
        except Exception as problem:
            delivery.problem = f"{problem}"[:_PROBLEM_LENGTH_MAX] or type(problem).__name__
            if delivery.due_at is None:
                logger.warning("%s was given up: %s", delivery, delivery.problem)
            if not isinstance(problem, NotDelivered | OSError):
                logger.exception("a message could not be sent")
        else:
            delivery.problem, delivery.due_at = "", None
            delivery.delivered_at = timezone.now()
        await delivery.asave(update_fields=["problem", "due_at", "delivered_at"])


async def _claim(delivery: Delivery, now: datetime.datetime) -> bool:
    """Count the try and set the next; False when another process was quicker."""
    mine = Delivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at, tries=delivery.tries)
    tries = delivery.tries + 1
    due_at = None
    if tries < settings.PODYARD_REVIEW_WEBHOOK_TRIES_MAX:
        pause = _PAUSES_SECONDS[min(tries, len(_PAUSES_SECONDS)) - 1]
        due_at = now + datetime.timedelta(seconds=pause)
    if not await mine.aupdate(tries=tries, due_at=due_at):
        return False
    delivery.tries, delivery.due_at = tries, due_at
    return True


async def _send(delivery: Delivery) -> None:
    """Raises NotDelivered, OSError, what mail raises."""
    if delivery.kind == Delivery.Kind.EMAIL:
        await sync_to_async(_mail, thread_sensitive=False)(delivery)
        return
    await asyncio.to_thread(post, _post_of(delivery))


def _post_of(delivery: Delivery) -> Post:
    body = orjson.dumps(delivery.payload)
    moment = str(int(time.time()))
    headers = {
        "content-type": "application/json",
        "user-agent": "podyard",
        "x-podyard-event": str(delivery.payload["event"]),
        "x-podyard-delivery": str(delivery.pk),
        "x-podyard-timestamp": moment,
    }
    secret = delivery.secret or settings.PODYARD_REVIEW_WEBHOOK_SECRET
    if secret:
        headers["x-podyard-signature"] = signature(secret, moment, body)
    return Post(
        url=delivery.target,
        body=body,
        headers=headers,
        timeout_s=settings.PODYARD_REVIEW_WEBHOOK_SECONDS,
        may_be_private=settings.PODYARD_REVIEW_WEBHOOK_PRIVATE,
    )


def _mail(delivery: Delivery) -> None:
    payload = delivery.payload
    lines = [
        f"{payload['title']}",
        f"submitted by {payload['submitter']}, version {payload['version']}",
    ]
    if payload["message"]:
        lines += ["", f"{payload['by']}:", payload["message"]]
    lines += ["", payload["url"]]
    title = f"[Podyard] {payload['submission']} {delivery.event}: {payload['title']}"
    subject = " ".join(title.split())[:150]
    send_mail(subject, "\n".join(lines), None, [delivery.target])


async def _forget_old() -> None:
    done = Delivery.objects.filter(due_at__isnull=True).order_by("-pk")
    oldest = await done.values_list("pk", flat=True)[
        settings.PODYARD_REVIEW_DELIVERIES_KEPT_MAX :
    ].afirst()
    if oldest is not None:
        await Delivery.objects.filter(due_at__isnull=True, pk__lte=oldest).adelete()
