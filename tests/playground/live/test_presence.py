"""Presence, following, mirrors and invitations, over the page's WebSocket."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from playground.accounts.visitors import Visitor
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import session_admit
from playground.lab_sessions.sharing.people import (
    member_change,
    person_remove,
    person_rename,
    session_join,
)
from tests.playground.live.sockets import GUEST, OWNER, Lab, people_of, say, until, where

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  key: aHVudGVyMg==\n"


async def enter(lab: Lab, visitor: Visitor, role: Role) -> WebsocketCommunicator:
    if role is not Role.OWNER:
        await session_join(session=lab.session, visitor=visitor, role=role)
    socket = await lab.open(visitor)
    await until(socket, "scene")
    return socket


async def pair(
    lab: Lab, role: Role = Role.VIEWER
) -> tuple[WebsocketCommunicator, WebsocketCommunicator]:
    return await enter(lab, OWNER, Role.OWNER), await enter(lab, GUEST, role)


async def complaint(socket: WebsocketCommunicator) -> str:
    return str((await until(socket, "error"))["message"])


async def person(socket: WebsocketCommunicator, visitor: Visitor, **values: Any) -> dict[str, Any]:
    """A person in the next presence that shows them so."""
    while True:
        people = (await until(socket, "presence"))["people"]
        shown: dict[str, Any] = next((one for one in people if one["id"] == visitor.id), {})
        if shown and all(shown.get(name) == value for name, value in values.items()):
            return shown


async def test_a_person_with_several_pages_is_one(lab: Lab) -> None:
    owner, _ = await pair(lab)
    again = await lab.open(GUEST)
    await person(owner, GUEST, tabs=2)
    await again.disconnect()
    await person(owner, GUEST, tabs=1)


async def test_where_somebody_is_goes_to_the_others_in_few_frames(lab: Lab, settings: Any) -> None:
    settings.PODYARD_PRESENCE_MS = 100
    owner, guest = await pair(lab)
    await people_of(owner, 2)
    for line in range(40):
        await say(guest, "presence", focus=None, place={"file": "a.yaml", "line": line})
    count = 1
    while (await where(owner, GUEST))["place"]["line"] != 39:
        count += 1
    assert count <= 4


async def test_only_known_parts_of_a_place_are_passed_on(lab: Lab) -> None:
    owner, guest = await pair(lab)
    place = {"file": "x" * 500, "line": -1, "column": "1", "html": "<b>", "filter": {"text": "a"}}
    await say(guest, "presence", focus="f" * 500, place=place)
    shown = await where(owner, GUEST)
    assert shown == {"focus": "f" * 200, "place": {"file": "x" * 80, "filter": {"text": "a"}}}


async def test_a_follower_sees_the_leaders_editor_from_then_on(lab: Lab) -> None:
    owner, guest = await pair(lab)
    await say(owner, "mirror", file="a.yaml", text="nobody follows yet")
    await say(guest, "follow", person=OWNER.id)
    await person(owner, GUEST, following=OWNER.id)
    await say(owner, "mirror", file="a.yaml", text="kind: Pod", anchor=1, head=4, top=2)
    mirror = await until(guest, "mirror")
    assert (mirror["person"], mirror["text"], mirror["head"]) == (OWNER.id, "kind: Pod", 4)
    await say(owner, "mirror", anchor=5, head=5)
    assert "text" not in await until(guest, "mirror")


async def test_who_follows_later_gets_the_whole_text_at_once(lab: Lab) -> None:
    owner, guest = await pair(lab)
    third = await enter(lab, Visitor("third", "third person", "blue"), Role.EDITOR)
    await say(guest, "follow", person=OWNER.id)
    await person(owner, GUEST, following=OWNER.id)
    await say(owner, "mirror", file="a.yaml", text="kind: Pod")
    await say(owner, "mirror", head=3)
    await until(guest, "mirror", head=3)
    await say(third, "follow", person=OWNER.id)
    mirror = await until(third, "mirror")
    assert (mirror["text"], mirror["head"]) == ("kind: Pod", 3)


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.VIEWER, False), (Role.EDITOR, True), (Role.TEACHER, True)]
)
async def test_a_viewers_mirror_carries_no_secret(lab: Lab, role: Role, sees: bool) -> None:
    owner, guest = await pair(lab, role)
    await say(guest, "follow", person=OWNER.id)
    await person(owner, GUEST, following=OWNER.id)
    await say(owner, "mirror", file="a.yaml", text=SECRET)
    mirror = await until(guest, "mirror")
    assert ("aHVudGVyMg==" in mirror["text"], len(mirror["text"])) == (sees, len(SECRET))


async def test_who_does_not_follow_gets_no_mirror(lab: Lab) -> None:
    owner, guest = await pair(lab)
    third = await enter(lab, Visitor("third", "third person", "blue"), Role.EDITOR)
    await say(guest, "follow", person=OWNER.id)
    await person(owner, GUEST, following=OWNER.id)
    await say(owner, "mirror", file="a.yaml", text="kind: Pod")
    await until(guest, "mirror")
    await say(third, "ping")
    while (frame := json.loads(await third.receive_from(2)))["type"] != "pong":
        assert frame["type"] != "mirror"


async def test_a_long_text_is_cut_for_followers(lab: Lab, settings: Any) -> None:
    settings.PODYARD_MIRROR_BYTES_MAX = 4
    owner, guest = await pair(lab)
    await say(guest, "follow", person=OWNER.id)
    await person(owner, GUEST, following=OWNER.id)
    await say(owner, "mirror", text="kind: Pod")
    mirror = await until(guest, "mirror")
    assert (mirror["text"], mirror["cut"]) == ("kind", True)


async def test_following_ends_when_the_leader_goes(lab: Lab) -> None:
    owner, guest = await pair(lab)
    third = await enter(lab, Visitor("third", "third person", "blue"), Role.EDITOR)
    await say(guest, "follow", person="third")
    await person(owner, GUEST, following="third")
    await third.disconnect()
    people = await people_of(owner, 2)
    assert all("following" not in one for one in people)


@pytest.mark.parametrize(
    ("target", "words"),
    [(GUEST.id, "yourself"), ("nobody", "not here"), (7, "an id")],
    ids=["oneself", "somebody who is not here", "a number"],
)
async def test_one_cannot_follow(lab: Lab, target: Any, words: str) -> None:
    _, guest = await pair(lab)
    await say(guest, "follow", person=target)
    assert words in await complaint(guest)


async def test_two_do_not_follow_each_other_in_a_circle(lab: Lab) -> None:
    owner, guest = await pair(lab)
    await say(guest, "follow", person=OWNER.id)
    await person(owner, GUEST, following=OWNER.id)
    await say(owner, "follow", person=GUEST.id)
    assert "follows you" in await complaint(owner)


@pytest.mark.parametrize(
    ("role", "may"), [(Role.VIEWER, False), (Role.EDITOR, False), (Role.TEACHER, True)]
)
async def test_only_owners_and_teachers_ask_all_to_follow(lab: Lab, role: Role, may: bool) -> None:
    owner, guest = await pair(lab, role)
    await say(guest, "invite")
    if may:
        assert (await until(owner, "invite"))["person"] == GUEST.id
        await say(guest, "invite")
    assert ("just asked" if may else "teacher") in await complaint(guest)


async def test_another_role_comes_with_another_address_and_a_note(lab: Lab) -> None:
    owner, guest = await pair(lab, Role.EDITOR)
    admission = await session_admit(lab.session.id, visitor=OWNER)
    before = (await session_admit(lab.session.id, visitor=GUEST)).path
    await member_change(admission=admission, person=GUEST.id, role=Role.VIEWER)
    hello = await until(guest, "hello")
    assert (hello["session"]["role"], hello["session"]["server"] != before) == ("viewer", True)
    assert "viewer" in (await until(guest, "note"))["message"]
    await person(owner, GUEST, role="viewer")
    await say(guest, "clock", action="resume")
    assert "looking on" in await complaint(guest)


async def test_who_is_sent_out_is_told_and_disconnected(lab: Lab) -> None:
    owner, guest = await pair(lab, Role.EDITOR)
    admission = await session_admit(lab.session.id, visitor=OWNER)
    await person_remove(admission=admission, person=GUEST.id)
    assert "sent out" in await complaint(guest)
    closed = await guest.receive_output(2)
    assert (closed["code"], "sent out" in closed["reason"]) == (4403, True)
    await guest.disconnect()
    await people_of(owner, 1)


async def test_a_new_name_is_shown_to_all(lab: Lab) -> None:
    owner, guest = await pair(lab)
    await person_rename(visitor=GUEST, name="Ada")
    await person(owner, GUEST, name="Ada")
    assert (await until(guest, "hello"))["you"]["name"] == "Ada"


async def test_an_empty_room_keeps_no_timer(lab: Lab) -> None:
    owner, guest = await pair(lab)
    await guest.disconnect()
    await owner.disconnect()
    handles = [handle for handle in asyncio.get_running_loop()._scheduled if not handle._cancelled]  # type: ignore[attr-defined]
    assert not [handle for handle in handles if "Presence" in repr(handle)]
