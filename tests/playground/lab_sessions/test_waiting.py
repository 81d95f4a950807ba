"""The waiting room: a ticket when the site is full, honest numbers, then a session."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from playground.hosting.local import LocalHost
from playground.lab_sessions.janitor import Janitor
from playground.lab_sessions.models import Session, WaitingTicket
from playground.lab_sessions.waiting.services import tickets_forget_old, waiting_serve
from tests.playground.lab_sessions.test_rest import Browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def full(host: LocalHost) -> tuple[Browser, dict[str, Any]]:
    """A site with one place, taken for an hour."""
    object.__setattr__(host.limits, "clusters_max", 1)
    owner = Browser()
    return owner, await owner.start(minutes=60)


async def asked(browser: Browser, **wishes: Any) -> dict[str, Any]:
    answer = await browser.ask("POST", "sessions", wishes)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    body: dict[str, Any] = answer.json()
    assert body["error"]["code"] == "full"
    waiting: dict[str, Any] = body["waiting"]
    return waiting


async def seen(browser: Browser, ticket: str) -> dict[str, Any]:
    answer = await browser.ask("GET", f"waiting/{ticket}")
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


async def test_who_finds_it_full_gets_a_place_in_the_line(full: Any) -> None:
    first, second = Browser(), Browser()
    one, two = await asked(first), await asked(second)
    assert [(w["position"], w["ahead"]) for w in (one, two)] == [(1, 0), (2, 1)]
    # The one session ends in an hour, is kept a while, but hibernates before when nobody comes.
    assert 29 * 60 < one["expected_seconds"] <= 30 * 60
    assert two["expected_seconds"] is None


async def test_asking_again_keeps_the_place(full: Any) -> None:
    first, second = Browser(), Browser()
    one = await asked(first)
    await asked(second)
    assert (await asked(first, nodes=1))["ticket"] == one["ticket"]
    assert (await asked(first))["position"] == 1


async def test_the_first_gets_the_place_that_becomes_free(host: LocalHost, full: Any) -> None:
    owner, body = full
    first, second = Browser(), Browser()
    one = await asked(first, nodes=1, name="mine")
    two = await asked(second)
    await owner.ask("DELETE", f"sessions/{body['id']}")
    assert (await seen(second, two["ticket"]))["waiting"]["position"] == 2
    session = (await seen(first, one["ticket"]))["session"]
    assert (session["name"], session["nodes"], session["role"]) == ("mine", 1, "owner")
    assert session["state"] == "reserved"
    assert (await seen(second, two["ticket"]))["waiting"]["position"] == 1
    # It begins when its person comes.
    shown = await first.ask("GET", f"sessions/{session['id']}")
    assert (shown.json()["state"], shown.json()["role"]) == ("running", "owner")


async def test_a_place_that_is_not_taken_goes_to_the_next(host: LocalHost, full: Any) -> None:
    owner, body = full
    first, second = Browser(), Browser()
    one, two = await asked(first), await asked(second)
    await owner.ask("DELETE", f"sessions/{body['id']}")
    held = (await seen(first, one["ticket"]))["session"]
    late = timezone.now() + datetime.timedelta(seconds=61)
    await Janitor().sweep(now=late)
    session = await Session.objects.aget(id=held["id"])
    assert (session.state, session.ended_because) == ("ended", "not-taken")
    assert "session" in await seen(second, two["ticket"])


async def test_who_comes_while_others_wait_stands_behind_them(host: LocalHost, full: Any) -> None:
    await asked(Browser())
    object.__setattr__(host.limits, "clusters_max", 2)
    assert (await asked(Browser()))["position"] == 2
    assert await waiting_serve() == 1


async def test_who_asks_no_more_has_left(full: Any) -> None:
    first, second = Browser(), Browser()
    one = await asked(first)
    await asked(second)
    await WaitingTicket.objects.filter(secret=one["ticket"]).aupdate(
        seen_at=timezone.now() - datetime.timedelta(seconds=61)
    )
    assert (await asked(second))["position"] == 1
    await tickets_forget_old(now=timezone.now() + datetime.timedelta(hours=2))
    assert await WaitingTicket.objects.acount() == 0


async def test_one_can_leave_the_line(full: Any) -> None:
    first = Browser()
    one = await asked(first)
    assert (await first.ask("DELETE", f"waiting/{one['ticket']}")).status_code == 204
    assert (await first.ask("GET", f"waiting/{one['ticket']}")).status_code == 404


async def test_the_line_has_an_end(full: Any, settings: Any) -> None:
    settings.PODYARD_WAITING_MAX = 1
    await asked(Browser())
    answer = await Browser().ask("POST", "sessions", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too-many")


async def test_a_kind_has_its_own_number_of_places(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_KINDS = {"guest": {"sessions_max": 1}}
    await Browser().start()
    assert (await asked(Browser()))["position"] == 1
