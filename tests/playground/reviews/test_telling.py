"""Browsers in a session are told at once that something of its review is new."""

from __future__ import annotations

import json

import pytest

from playground.lab_sessions.roles import Role
from playground.reviews.services import review_switch
from tests.playground.live.sockets import GUEST, Lab, until
from tests.playground.reviews.people import WEB, Room, person, recorder, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


async def test_switching_submitting_and_deciding_are_told(room: Room) -> None:
    lab = Lab(room.host, room.session)
    guest = person()
    signed_in(guest, GUEST)
    await room.enter_as(guest, Role.VIEWER)
    socket = await lab.open(GUEST)
    await until(socket, "scene")

    await room.student.apply(room.id, WEB)
    await recorder().drain(room.id)
    await until(socket, "review")
    submission = (await room.submissions(room.teacher))[0]["id"]
    await room.decide(room.teacher, submission, "approve")
    await until(socket, "review")
    await review_switch(room.session, False)
    await until(socket, "review")
    await socket.disconnect()


async def test_other_writes_are_not(room: Room) -> None:
    lab = Lab(room.host, room.session)
    guest = person()
    signed_in(guest, GUEST)
    await room.enter_as(guest, Role.VIEWER)
    socket = await lab.open(GUEST)
    await until(socket, "scene")
    await room.teacher.apply(room.id, WEB)
    await recorder().drain(room.id)
    await socket.send_to(text_data='{"type":"ping"}')
    kinds = []
    while "pong" not in kinds:
        kinds.append(json.loads(await socket.receive_from(2))["type"])
    assert "review" not in kinds
    await socket.disconnect()
