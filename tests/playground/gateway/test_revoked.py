"""What is open with a person's secret ends with it: a watch over HTTP, a watch over a WebSocket."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator

from playground.accounts.visitors import new_visitor
from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Membership
from playground.lab_sessions.plans import Wishes
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import session_admit
from playground.lab_sessions.services import session_start
from playground.lab_sessions.sharing.people import key_renew, member_change, person_remove
from playground.serving.application import make_application
from tests.playground.people import somebody

pytestmark = pytest.mark.django_db(transaction=True)

WATCH = "/api/v1/namespaces/default/pods"


async def renew(lab: Lab) -> None:
    await key_renew(admission=lab.guest)


async def demote(lab: Lab) -> None:
    await member_change(admission=lab.owner, person=lab.guest.person.id, role=Role.VIEWER)


async def send_out(lab: Lab) -> None:
    await person_remove(admission=lab.owner, person=lab.guest.person.id)


class Lab:
    """An owner, and an editor who watches pods."""

    def __init__(self, owner: Any, guest: Any) -> None:
        self.owner, self.guest = owner, guest


@pytest.fixture
async def lab(host: LocalHost) -> Lab:
    wishes = Wishes(name="lab", nodes=0, minutes=60, speed=1, seed=1)
    visitor = new_visitor()
    session = await session_start(wishes=wishes, visitor=visitor, address="127.0.0.1")
    guest = await somebody(session, Role.EDITOR)
    return Lab(await session_admit(session.id, visitor=visitor), guest)


CHANGES = pytest.mark.parametrize(
    "change", [renew, demote, send_out], ids=["a new key", "another role", "sent out"]
)


@CHANGES
async def test_a_watch_ends(lab: Lab, host: LocalHost, change: Any) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": lab.guest.path + WATCH,
        "query_string": b"watch=true",
        "headers": [],
    }
    talk = ApplicationCommunicator(make_application(), scope)
    await talk.send_input({"type": "http.request", "body": b""})
    assert (await talk.receive_output(2))["status"] == 200
    await talk.receive_output(2)
    await change(lab)
    assert not (await talk.receive_output(2)).get("more_body")
    await talk.wait(2)
    assert host.numbers()["podyard_streams"] == 0


@CHANGES
async def test_a_websocket_ends(lab: Lab, host: LocalHost, change: Any) -> None:
    socket = WebsocketCommunicator(make_application(), f"{lab.guest.path}{WATCH}?watch=true")
    assert (await socket.connect(2))[0]
    await change(lab)
    while (await socket.receive_output(2))["type"] != "websocket.close":
        pass
    assert host.numbers()["podyard_streams"] == 0


async def test_the_others_watch_on(lab: Lab, host: LocalHost) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": lab.owner.path + WATCH,
        "query_string": b"watch=true",
        "headers": [],
    }
    talk = ApplicationCommunicator(make_application(), scope)
    await talk.send_input({"type": "http.request", "body": b""})
    assert (await talk.receive_output(2))["status"] == 200
    await send_out(lab)
    assert await Membership.objects.filter(session=lab.owner.session).acount() == 1
    assert host.numbers()["podyard_streams"] == 1
    await talk.send_input({"type": "http.disconnect"})
    await talk.wait(2)
