"""Whose review it is, and that the cluster knows."""

from __future__ import annotations

import orjson
import pytest

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.hosting.host import ClusterPlan
from playground.lab_sessions.announcer import MemberChange
from playground.lab_sessions.problems import Forbidden
from playground.lab_sessions.roles import Role
from playground.reviews.models import Desk
from playground.reviews.services import review_follow, review_switch, review_switch_asked
from tests.playground.reviews.people import Asker, Room, person, reviewer

pytestmark = pytest.mark.django_db(transaction=True)


async def _told(room: Room) -> list[str]:
    """Whom the cluster does not hold back."""
    request = Request("GET", "/podyard/v1/review", user=ADMIN)
    answer = await room.host.call(room.id, request)
    return list(orjson.loads(answer.body)["reviewers"])


async def test_who_comes_as_a_teacher_or_with_the_right_reviews(room: Room) -> None:
    mine = room.teacher.visitor.id
    assert await _told(room) == [mine]
    other = await room.enter(Role.TEACHER)
    judge = await reviewer()
    await room.enter_as(judge, Role.EDITOR)
    await review_follow(MemberChange(room.id, other.visitor, Role.TEACHER, ""))
    assert await _told(room) == sorted([mine, other.visitor.id, judge.visitor.id])
    assert room.student.visitor.id not in await _told(room)


async def test_a_classroom_switches_in_the_name_of_its_teacher(room: Room) -> None:
    await review_switch(room.session, False)
    assert await _told(room) == []
    boss = person().visitor
    desk = await review_switch(room.session, True, by=boss, base_url="https://yard.example")
    assert desk.switched_by == boss.id and await _told(room) == [boss.id]
    # It is not the owner's any more: a student who owns the session cannot switch it off.
    with pytest.raises(Forbidden):
        await review_switch_asked(room.session, False, visitor=room.teacher.visitor)
    await review_switch_asked(room.session, False, visitor=boss)


async def test_an_owner_who_is_held_back_makes_no_reviewers(room: Room) -> None:
    boss = person().visitor
    await review_switch(room.session, True, by=boss)
    friend = await room.enter(Role.TEACHER)
    await review_follow(MemberChange(room.id, friend.visitor, Role.TEACHER, ""))
    assert await _told(room) == [boss.id]
    submission = await room.submit()
    await room.decide(friend, submission, "approve", 404)
    assert await room.submissions(friend) == []
    await friend.send("PUT", f"sessions/{room.id}/review", {"on": False}, 403)


async def test_an_owner_may_switch_what_nobody_else_has(room: Room) -> None:
    await Desk.objects.all().adelete()
    await review_switch_asked(room.session, True, visitor=room.teacher.visitor)
    with pytest.raises(Forbidden):
        await review_switch_asked(room.session, True, visitor=room.student.visitor)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
async def test_others_in_the_session_may_not(room: Room, role: Role) -> None:
    one: Asker = await room.enter(role)
    await one.send("PUT", f"sessions/{room.id}/review", {"on": False}, 403)


async def test_it_goes_on_when_the_session_has_another_cluster(room: Room) -> None:
    first = await room.submit()
    await room.host.renew(room.id, ClusterPlan(nodes=1))
    results = await room.student.apply(
        room.id, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n"
    )
    assert results[0]["outcome"] == "submitted"
    rows = await room.submissions(room.teacher)
    assert len(rows) == 2 and rows[1]["id"] == first
    record = await room.teacher.get(f"writes?session={room.id}")
    assert [one["sequence"] for one in record["writes"]] == [2, 1]
