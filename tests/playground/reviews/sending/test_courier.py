"""Messages on their way: to every hook and mailbox, again until they arrive, not for ever."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from playground.reviews.models import Delivery, Hook
from playground.reviews.sending import courier as couriers
from playground.reviews.sending.courier import Courier
from playground.reviews.sending.webhook import NotDelivered, Post, signature
from tests.playground.reviews.people import Room

pytestmark = pytest.mark.django_db(transaction=True)
_URL = "https://hooks.example/a"


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> list[Post]:
    """What was posted; addresses with "broken" in them do not take it."""
    sent: list[Post] = []

    def note(post: Post) -> int:
        sent.append(post)
        if "broken" in post.url:
            raise NotDelivered("answered with 500")
        return 200

    monkeypatch.setattr(couriers, "post", note)
    return sent


async def test_every_hook_and_mailbox_is_told(room: Room, posts: list[Post], settings: Any) -> None:
    settings.PODYARD_REVIEW_EMAILS = ["rita@example.org"]
    settings.PODYARD_REVIEW_WEBHOOK_URL = "https://hooks.example/site"
    settings.PODYARD_REVIEW_WEBHOOK_SECRET = "sitekey"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    await Hook.objects.acreate(url=_URL, secret="hookkey")
    await Hook.objects.acreate(url="https://hooks.example/off", is_on=False)
    submission = await room.submit()
    await room.decide(room.teacher, submission, "reject", message="not today")
    await Courier().round(now=timezone.now())
    events = [(post.url, post.headers["x-podyard-event"]) for post in posts]
    assert sorted(events) == [
        (_URL, "submission.reject"),
        (_URL, "submission.submitted"),
        ("https://hooks.example/site", "submission.reject"),
        ("https://hooks.example/site", "submission.submitted"),
    ]
    for post in posts:
        secret = "hookkey" if post.url == _URL else "sitekey"
        moment = post.headers["x-podyard-timestamp"]
        assert post.headers["x-podyard-signature"] == signature(secret, moment, post.body)
    assert submission.encode() in posts[0].body and not posts[0].may_be_private
    assert {message.to[0] for message in mail.outbox} == {"rita@example.org"}
    assert any("not today" in message.body for message in mail.outbox)
    assert f"http://testserver/review/{submission}/" in mail.outbox[0].body
    assert not await Delivery.objects.filter(delivered_at__isnull=True).aexists()


async def test_what_does_not_arrive_is_tried_again_ever_later_and_given_up(
    room: Room, posts: list[Post], settings: Any
) -> None:
    settings.PODYARD_REVIEW_WEBHOOK_TRIES_MAX = 3
    await Hook.objects.acreate(url="https://broken.example/")
    await room.submit()
    now = timezone.now()
    pauses = []
    for _ in range(3):
        due = await Courier().round(now=now)
        if due is None:
            break
        pauses.append(round((due - now).total_seconds()))
        assert await Courier().round(now=now) == due, "not before it is due"
        now = due
    delivery = await Delivery.objects.aget()
    assert pauses == [10, 60] and len(posts) == 3
    assert (delivery.tries, delivery.due_at, delivery.delivered_at) == (3, None, None)
    assert delivery.problem == "answered with 500"


async def test_two_couriers_send_a_message_once(room: Room, posts: list[Post]) -> None:
    await Hook.objects.acreate(url=_URL)
    await room.submit()
    now = timezone.now()
    await asyncio.gather(*(Courier().round(now=now) for _ in range(3)))
    assert len(posts) == 1


async def test_old_messages_are_forgotten(room: Room, posts: list[Post], settings: Any) -> None:
    settings.PODYARD_REVIEW_DELIVERIES_KEPT_MAX = 2
    await Hook.objects.acreate(url=_URL)
    submission = await room.submit()
    for number in range(3):
        body = {"text": f"comment {number}"}
        await room.teacher.send("POST", f"reviews/{submission}/comments", body, 201)
    await Courier().round(now=timezone.now())
    assert await Delivery.objects.acount() == 2


async def test_it_sends_by_itself_when_there_is_something(room: Room, posts: list[Post]) -> None:
    await Hook.objects.acreate(url=_URL)
    courier = Courier()
    courier.start()
    await room.submit()
    courier.wake()
    async with asyncio.timeout(5):
        while not posts:
            await asyncio.sleep(0)
    await courier.stop()


async def test_without_hooks_nothing_is_queued(room: Room) -> None:
    await room.submit()
    assert not await Delivery.objects.aexists()
    due = await Courier().round(now=timezone.now() + datetime.timedelta(days=1))
    assert due is None
