"""What classrooms keep about people: shown, moved to an account, erased."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from playground.accounts.visitors import Visitor
from playground.classrooms.models import Classroom, Student
from playground.classrooms.personal_data import HOLDINGS
from tests.playground.classrooms.school import TEACHER, School

pytestmark = pytest.mark.django_db(transaction=True)
(HOLDING,) = HOLDINGS


async def test_what_is_kept_is_shown_to_each(school: School) -> None:
    await school.open()
    ann = await school.join("Ann")
    (mine,) = await HOLDING.export(ann.visitor.id)
    assert (mine["as"], mine["title"], mine["name"]) == ("student", "Rollouts", "Ann")
    (room,) = await HOLDING.export(TEACHER.id)
    assert (room["as"], room["title"]) == ("teacher", "Rollouts")
    assert await HOLDING.export("nobody") == []


async def test_a_student_who_is_erased_leaves_no_name(school: School) -> None:
    await school.open()
    ann = await school.join("Ann")
    await HOLDING.erase(ann.visitor.id)
    student = await Student.objects.aget()
    assert (student.visitor, student.name, student.pin, student.result) == ("", "somebody", "", {})
    assert await HOLDING.export(ann.visitor.id) == []


async def test_a_teacher_who_is_erased_takes_the_rooms_along(school: School) -> None:
    await school.open()
    await HOLDING.erase(TEACHER.id)
    assert not await Classroom.objects.aexists()


async def test_a_guest_who_logs_in_keeps_rooms_and_seats(school: School) -> None:
    await school.open()
    ann = await school.join("Ann")
    account = Visitor("account-1", "Ann", "blue")
    await sync_to_async(HOLDING.move)(ann.visitor.id, account)
    await sync_to_async(HOLDING.move)(TEACHER.id, Visitor("account-2", "Ms Ray", "teal"))
    assert (await Student.objects.aget()).visitor == "account-1"
    assert (await Classroom.objects.aget()).teacher == "account-2"
