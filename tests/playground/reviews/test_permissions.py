"""Who may do what at the desk, door by door."""

from __future__ import annotations

from typing import Any

import pytest

from playground.lab_sessions.roles import Role
from tests.playground.reviews.people import WEB, Asker, Room, person, reviewer

pytestmark = pytest.mark.django_db(transaction=True)
#: In this order: the submitter, another editor, a viewer, the session's teacher, who has the right
#: to review, a stranger.
_DOORS: list[tuple[str, str, Any, str]] = [
    ("GET", "reviews/{id}", None, "200 404 404 200 200 404"),
    ("GET", "reviews/{id}/versions/1", None, "200 404 404 200 200 404"),
    ("GET", "reviews/{id}/versions/1?reveal=true", None, "200 404 404 403 403 404"),
    ("GET", "reviews/{id}/changes", None, "200 404 404 200 200 404"),
    ("GET", "reviews/{id}/effect?seconds=0", None, "200 404 404 200 200 404"),
    ("POST", "reviews/{id}/comments", {"text": "a"}, "201 404 404 201 201 404"),
    ("PUT", "reviews/{id}/assignee", {"assignee": "me"}, "403 404 404 200 200 404"),
    ("POST", "reviews/{id}/versions", {"text": WEB + "# b\n"}, "201 404 404 403 403 404"),
    ("POST", "reviews/{id}/decisions", {"act": "approve"}, "403 404 404 200 200 404"),
    ("POST", "reviews/{id}/decisions", {"act": "reject"}, "403 404 404 200 200 404"),
    ("POST", "reviews/{id}/decisions", {"act": "request-changes"}, "403 404 404 200 200 404"),
    ("POST", "reviews/{id}/decisions", {"act": "withdraw"}, "200 404 404 403 403 404"),
    ("GET", "sessions/{session}/review", None, "200 200 200 200 404 404"),
    ("PUT", "sessions/{session}/review", {"on": False}, "403 403 403 200 404 404"),
    ("GET", "audit", None, "403 403 403 403 200 403"),
    ("GET", "audit/verify", None, "403 403 403 403 200 403"),
    ("GET", "audit/export", None, "403 403 403 403 200 403"),
]


async def _people(room: Room) -> list[Asker]:
    return [
        room.student,
        await room.enter(Role.EDITOR),
        await room.enter(Role.VIEWER),
        await room.enter(Role.TEACHER),
        await reviewer(),
        person(),
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "codes"), _DOORS, ids=[f"{door[0]} {door[1]}" for door in _DOORS]
)
async def test_every_door_lets_in_who_may(
    room: Room, method: str, path: str, body: Any, codes: str
) -> None:
    found = []
    for position, asker in enumerate(await _people(room)):
        submission = await room.submit(WEB.replace("name: web\nspec", f"name: w{position}\nspec"))
        address = path.format(id=submission, session=room.id)
        found.append((await asker.ask(method, address, body)).status_code)
        if method == "PUT" and found[-1] == 200:
            await room.teacher.send("PUT", f"sessions/{room.id}/review", {"on": True})
    assert " ".join(map(str, found)) == codes


async def test_lists_hold_only_what_one_may_see(room: Room) -> None:
    await room.submit()
    seen = []
    for asker in await _people(room):
        rows = await room.submissions(asker)
        writes = (await asker.get(f"writes?session={room.id}"))["writes"]
        names = (await asker.get(f"reviews/reviewers?session={room.id}"))["reviewers"]
        seen.append((len(rows), len(writes), bool(names)))
    assert seen == [
        (1, 1, False),
        (0, 0, False),
        (0, 0, False),
        (1, 1, True),
        (1, 1, True),
        (0, 0, False),
    ]
    owner = (await room.teacher.get(f"writes?session={room.id}"))["writes"]
    assert len(owner) == 1


async def test_one_write_is_shown_to_who_may_see_it(room: Room) -> None:
    await room.submit()
    await room.submissions(room.teacher)
    [write] = (await room.teacher.get(f"writes?session={room.id}"))["writes"]
    codes = [
        (await one.ask("GET", f"writes/{write['number']}")).status_code
        for one in await _people(room)
    ]
    assert codes == [200, 404, 404, 200, 200, 404]


async def test_nobody_decides_about_their_own(room: Room) -> None:
    """Not even with the right to review: what they had submitted before they got it."""
    judge = await reviewer()
    await room.enter_as(judge, Role.EDITOR)
    results = await judge.apply(room.id, WEB)
    assert results[0]["outcome"] == "submitted", "the cluster does not know of the right yet"
    [row] = await room.submissions(judge, "submitter=me")
    assert "approve" not in row["may"] and "withdraw" in row["may"]
    await room.decide(judge, row["id"], "approve", 403)
    await room.decide(room.teacher, row["id"], "approve")


async def test_it_is_given_to_reviewers_only(room: Room) -> None:
    submission = await room.submit()
    path = f"reviews/{submission}/assignee"
    for wrong in (room.student.visitor.id, "nobody", 7):
        await room.teacher.send("PUT", path, {"assignee": wrong}, 422)
    judge = await reviewer()
    given = await room.teacher.send("PUT", path, {"assignee": judge.visitor.id})
    assert given["assignee"] == {"id": judge.visitor.id, "name": "rita"}
    assert (await room.teacher.send("PUT", path, {"assignee": None}))["assignee"] is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("reviews/{id}/decisions", {"act": "succeed"}),
        ("reviews/{id}/decisions", {}),
        ("reviews/{id}/decisions", {"act": "reject", "message": 5}),
        ("reviews/{id}/decisions", {"act": "reject", "message": "x" * 10_001}),
        ("reviews/{id}/decisions", {"act": "reject", "version": "x"}),
        ("reviews/bulk", {"ids": [], "act": "reject"}),
        ("reviews/bulk", {"ids": "a", "act": "reject"}),
        ("reviews/bulk", {"ids": ["a"] * 101, "act": "reject"}),
        ("reviews/bulk", {"ids": ["a"], "act": "nonsense"}),
    ],
)
async def test_senseless_wishes_are_refused(room: Room, path: str, body: Any) -> None:
    submission = await room.submit()
    await room.teacher.send("POST", path.format(id=submission), body, 422)


@pytest.mark.parametrize(
    "address", ["x", "x-", "-1", "x-y", "{session}-0", "{session}-999999999999"]
)
async def test_what_is_not_there_is_not_found(room: Room, address: str) -> None:
    path = f"reviews/{address.format(session=room.id)}"
    assert (await room.teacher.ask("GET", path)).status_code == 404
