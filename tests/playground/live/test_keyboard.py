"""Whose keys a terminal takes: the rules by themselves, then with people at a real terminal."""

from __future__ import annotations

from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.test import AsyncClient

from playground.accounts.visitors import Visitor
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import session_admit
from playground.lab_sessions.sharing.people import member_change, session_join
from playground.live.keyboard import Keyboard, is_report
from playground.live.selectors import terminals
from tests.playground.live.sockets import GUEST, OWNER, Lab, say, until

pytestmark = pytest.mark.django_db(transaction=True)

THIRD = Visitor("third", "third person", "blue")
CONSOLE = {"kind": "console"}


def test_who_types_keeps_it_until_they_have_paused() -> None:
    keyboard = Keyboard(10)
    assert keyboard.type(OWNER, 0)
    assert not keyboard.type(OWNER, 5)
    assert [keyboard.may_type(GUEST.id, at) for at in (6, 14.9, 15)] == [False, False, True]


def test_who_asked_first_gets_it_when_it_is_free() -> None:
    keyboard = Keyboard(10)
    keyboard.type(OWNER, 0)
    for person in (GUEST, THIRD, GUEST):
        keyboard.ask(person, 1)
    assert keyboard.asking == [GUEST, THIRD]
    assert not keyboard.pass_on(9)
    assert not keyboard.may_type(THIRD.id, 11)
    assert keyboard.pass_on(10)
    assert (keyboard.holder, keyboard.asking) == (GUEST, [THIRD])


def test_who_leaves_hands_it_on() -> None:
    keyboard = Keyboard(10)
    keyboard.type(OWNER, 0)
    keyboard.ask(GUEST, 1)
    keyboard.ask(THIRD, 1)
    keyboard.let_go(GUEST.id, 2)
    keyboard.let_go(OWNER.id, 2)
    assert (keyboard.holder, keyboard.asking) == (THIRD, [])
    keyboard.let_go(THIRD.id, 3)
    assert keyboard.holder is None


@pytest.mark.parametrize(
    ("data", "is_one"),
    [("\x1b[3;7R", True), ("\x1b[?1;2c", True), ("\x1b]11;rgb:0/0/0\x07", True)]
    + [("\x1b[A", False), ("ls\r", False), ("\x1b", False), ("\x1b[3;7Rls", False)],
)
def test_what_a_terminal_says_by_itself(data: str, is_one: bool) -> None:
    assert is_report(data) is is_one


@pytest.fixture
async def number(lab: Lab) -> int:
    terminal = await terminals().open(lab.host, lab.session.id, CONSOLE, None)
    return terminal.number


async def look(
    lab: Lab, number: int, visitor: Visitor = OWNER, role: Role = Role.EDITOR
) -> WebsocketCommunicator:
    if visitor is not OWNER:
        await session_join(session=lab.session, visitor=visitor, role=role)
    path = f"/ws/sessions/{lab.session.id}/terminals/{number}/"
    socket = await lab.open(visitor, path=path)
    await until(socket, "keyboard")
    return socket


async def keyboard(socket: WebsocketCommunicator, holder: Visitor | None) -> dict[str, Any]:
    """The next frame in which that person has the keyboard."""
    while True:
        frame = await until(socket, "keyboard")
        if (frame["holder"] or {}).get("id") == (holder.id if holder else None):
            return frame


async def test_keys_of_the_second_are_not_taken_while_the_first_types(
    lab: Lab, number: int
) -> None:
    first, second = await look(lab, number), await look(lab, number, GUEST)
    await say(first, "input", data="a")
    await keyboard(second, OWNER)
    await say(second, "input", data="zz")
    refused = await until(second, "keyboard", refused=True)
    assert refused["holder"]["name"] == "calm otter"
    await say(first, "input", data="b")
    typed = ""
    while "b" not in typed:
        typed += (await until(second, "output"))["data"]
    assert "z" not in typed


async def test_asking_and_giving(lab: Lab, number: int) -> None:
    first, second = await look(lab, number), await look(lab, number, GUEST)
    await say(first, "input", data="a")
    await keyboard(second, OWNER)
    await say(second, "keyboard", action="ask")
    frame = await keyboard(first, OWNER)
    while not frame["asking"]:
        frame = await keyboard(first, OWNER)
    assert frame["asking"][0]["name"] == "brisk wren"
    await say(first, "keyboard", action="give", to=GUEST.id)
    assert (await keyboard(second, GUEST))["asking"] == []


async def test_the_keyboard_comes_by_itself_when_the_holder_pauses(
    lab: Lab, number: int, settings: Any
) -> None:
    terminals().get(lab.session.id, number).keyboard.free_after_s = 0.1
    first, second = await look(lab, number), await look(lab, number, GUEST)
    await say(first, "input", data="a")
    await keyboard(second, OWNER)
    await say(second, "keyboard", action="ask")
    await keyboard(second, GUEST)


@pytest.mark.parametrize(
    ("role", "may"), [(Role.EDITOR, False), (Role.TEACHER, True), (Role.VIEWER, False)]
)
async def test_who_may_give_what_another_holds(
    lab: Lab, number: int, role: Role, may: bool
) -> None:
    first, second = await look(lab, number), await look(lab, number, GUEST, role)
    await say(first, "input", data="a")
    await keyboard(second, OWNER)
    await say(second, "keyboard", action="give", to=GUEST.id)
    if may:
        await keyboard(first, GUEST)
    else:
        await until(second, "error")


@pytest.mark.parametrize("kind", ["input", "resize", "keyboard"])
async def test_a_viewer_never_types(lab: Lab, number: int, kind: str) -> None:
    await look(lab, number)
    viewer = await look(lab, number, GUEST, Role.VIEWER)
    await say(viewer, kind, data="ls\r", columns=20, rows=20, action="ask")
    assert "looking on" in (await until(viewer, "error"))["message"]
    assert terminals().get(lab.session.id, number).keyboard.holder is None


async def test_nobody_gives_it_to_one_who_only_looks_on(lab: Lab, number: int) -> None:
    first = await look(lab, number)
    await look(lab, number, GUEST, Role.VIEWER)
    await say(first, "input", data="a")
    await say(first, "keyboard", action="give", to=GUEST.id)
    assert "only looks on" in (await until(first, "error"))["message"]


async def test_the_size_is_that_of_who_types(lab: Lab, number: int) -> None:
    first, second = await look(lab, number), await look(lab, number, GUEST)
    await say(first, "input", data="a")
    await keyboard(second, OWNER)
    await say(second, "resize", columns=30, rows=10)
    await say(first, "resize", columns=100, rows=30)
    size = await until(second, "size")
    assert (size["columns"], size["rows"]) == (100, 30)


async def test_who_may_not_edit_any_more_loses_it(lab: Lab, number: int) -> None:
    first, second = await look(lab, number), await look(lab, number, GUEST)
    await say(second, "input", data="a")
    await keyboard(first, GUEST)
    admission = await session_admit(lab.session.id, visitor=OWNER)
    await member_change(admission=admission, person=GUEST.id, role=Role.VIEWER)
    await keyboard(first, None)
    await say(second, "input", data="b")
    assert "looking on" in (await until(second, "error"))["message"]


async def test_who_goes_lets_go(lab: Lab, number: int) -> None:
    first, second = await look(lab, number), await look(lab, number, GUEST)
    await say(second, "input", data="a")
    await keyboard(first, GUEST)
    await second.disconnect()
    assert [one["name"] for one in (await keyboard(first, None))["people"]] == ["calm otter"]


@pytest.mark.parametrize(
    "said",
    [{"action": "grab"}, {"action": "give", "to": 7}, {"action": "give", "to": "nobody"}, {}],
    ids=["unknown", "to a number", "to a stranger", "nothing"],
)
async def test_a_senseless_message_is_answered(lab: Lab, number: int, said: Any) -> None:
    socket = await look(lab, number)
    await say(socket, "input", data="a")
    await say(socket, "keyboard", **said)
    await until(socket, "error")


async def test_nobody_ends_a_terminal_in_which_another_types(lab: Lab, number: int) -> None:
    first = await look(lab, number)
    second = await look(lab, number, GUEST)
    await say(first, "input", data="a")
    await keyboard(second, OWNER)
    path = f"/api/v1/sessions/{lab.session.id}/terminals/{number}"
    for visitor, status in ((GUEST, 403), (OWNER, 204)):
        admission = await session_admit(lab.session.id, visitor=visitor)
        headers = {"authorization": f"Bearer {admission.secret}"}
        answer = await AsyncClient().delete(path, headers=headers)
        assert answer.status_code == status


async def test_everybody_hears_of_a_terminal_that_is_opened(lab: Lab) -> None:
    socket = await lab.open()
    await until(socket, "scene")
    admission = await session_admit(lab.session.id, visitor=OWNER)
    await AsyncClient().post(
        f"/api/v1/sessions/{lab.session.id}/terminals",
        CONSOLE,
        content_type="application/json",
        headers={"authorization": f"Bearer {admission.secret}"},
    )
    shown = await until(socket, "terminals")
    assert [one["kind"] for one in shown["terminals"]] == ["console"]
