"""Sessions that nobody uses fall asleep with their time, and wake with the next request."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.utils import timezone

from playground.hosting.local import LocalHost
from playground.lab_sessions.activity import Activity
from playground.lab_sessions.janitor import Janitor
from playground.lab_sessions.life import EndReason
from playground.lab_sessions.lifetimes import session_end, session_extend, session_hibernate
from playground.lab_sessions.models import Session
from playground.lab_sessions.selectors import activity
from playground.serving.application import make_application
from tests.playground.lab_sessions.test_rest import Browser

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = datetime.timedelta(minutes=1)


async def fallen_asleep(host: LocalHost, **wishes: Any) -> tuple[Browser, dict[str, Any], Session]:
    """A session that nobody has used for half an hour."""
    owner = Browser()
    body = await owner.start(**wishes)
    session = await Session.objects.aget(id=body["id"])
    await Janitor().sweep(now=session.created_at + 30 * MINUTE)
    await session.arefresh_from_db()
    assert session.state == "hibernated"
    assert (host.ids(), host.has(session.id)) == ([], True)
    return owner, body, session


async def test_its_time_is_kept_and_goes_on_with_the_next_request(host: LocalHost) -> None:
    owner, body, session = await fallen_asleep(host, minutes=60)
    assert session.left_seconds == 30 * 60
    listed = (await owner.ask("GET", "sessions")).json()["sessions"][0]
    assert listed["state"] == "hibernated"
    assert "Asleep: its time stands still" in (await owner.client.get("/")).content.decode()
    assert host.ids() == []
    shown = (await owner.ask("GET", f"sessions/{body['id']}")).json()
    assert shown["state"] == "running"
    left = datetime.datetime.fromisoformat(shown["expires_at"]) - timezone.now()
    assert 29 * MINUTE < left <= 30 * MINUTE
    assert host.ids() == [body["id"]]


async def test_a_persons_own_kubectl_wakes_it(host: LocalHost) -> None:
    _, body, session = await fallen_asleep(host)
    path = body["server"].removeprefix("http://testserver") + "/version"
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "client": ("127.0.0.1", 1),
    }
    asked = ApplicationCommunicator(make_application(), scope)
    await asked.send_input({"type": "http.request", "body": b""})
    assert (await asked.receive_output(2))["status"] == 200
    await session.arefresh_from_db()
    assert session.state == "running"


async def test_what_sleeps_too_long_ends_and_says_so(host: LocalHost) -> None:
    owner, body, session = await fallen_asleep(host)
    await Janitor().sweep(now=session.gone_at)
    answer = await owner.ask("GET", f"sessions/{body['id']}")
    error = answer.json()["error"]
    assert (answer.status_code, error["because"]) == (410, "unused")
    assert "nobody had used it for a long time" in error["message"]
    assert not host.has(body["id"])


@pytest.mark.parametrize(
    ("state", "reason"),
    [("running", "time-up"), ("hibernated", "unused"), ("reserved", "not-taken")],
)
async def test_what_was_over_before_it_was_missed_is_not_called_lost(
    host: LocalHost, state: str, reason: str
) -> None:
    body = await Browser().start()
    session = await Session.objects.aget(id=body["id"])
    session.state, session.gone_at = state, timezone.now() - MINUTE
    await session.asave()
    await session_end(session=session, because=EndReason.LOST)
    assert session.ended_because == reason


async def test_who_works_keeps_it_awake(host: LocalHost) -> None:
    owner = Browser()
    body = await owner.start()
    session = await Session.objects.aget(id=body["id"])
    activity().note(session.id)
    assert session.due_at is not None
    await Janitor().sweep(now=session.due_at)
    await session.arefresh_from_db()
    assert session.state == "running"
    assert session.active_at > session.created_at


async def test_a_kind_may_never_sleep(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_KINDS = {"guest": {"idle_minutes": 0}}
    body = await Browser().start()
    session = await Session.objects.aget(id=body["id"])
    await Janitor().sweep(now=session.created_at + 120 * MINUTE)
    await session.arefresh_from_db()
    assert session.state == "running"


async def test_extending_wakes_it(host: LocalHost) -> None:
    _, _, session = await fallen_asleep(host)
    session = await session_extend(session=session)
    assert session.state == "running"


async def test_two_who_come_at_once_wake_it_once(host: LocalHost) -> None:
    owner, body, session = await fallen_asleep(host)
    twin = await Session.objects.aget(id=session.id)
    assert (await owner.ask("GET", f"sessions/{body['id']}")).status_code == 200
    with pytest.raises(Exception, match="cannot hibernate"):
        await session_hibernate(session=twin)


def test_activity_is_noted_in_memory_and_written_down_once() -> None:
    notes = Activity()
    notes.note("a")
    assert list(notes.take_changed()) == ["a"]
    assert notes.take_changed() == {}
    assert notes.last("a") is not None
    notes.forget("a")
    assert notes.last("a") is None
