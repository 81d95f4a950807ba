"""Coming in: codes, names, late, full, again on another device, and out."""

from __future__ import annotations

from typing import Any

import pytest

from playground.accounts.visitors import Visitor
from playground.lessons.selectors import lesson_get
from tests.playground.classrooms.school import Person, School

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = Visitor("phone", "quiet owl", "green")


async def try_join(school: School, person: Person, **body: Any) -> Any:
    body = {"code": school.room["code"], "name": "Ann", **body}
    return await person.post("/api/v1/classrooms/join", body)


async def test_a_late_joiner_gets_a_seat_at_once(school: School) -> None:
    await school.open()
    await school.warm()
    await school.done("start")
    ann = await school.join("Ann")
    seat = await school.seat(ann)
    assert seat["state"] == "working"
    assert (await ann.get(seat["url"])).status_code == 200


async def test_when_all_seats_are_taken_one_waits_and_follows(school: School) -> None:
    await school.open(seats=1)
    await school.done("start")
    ann, bob = await school.join("Ann"), await school.join("Bob")
    eve = await school.join("Eve")
    assert [(await school.seat(one))["place"] for one in (ann, bob, eve)] == [0, 1, 2]
    path = f"/api/v1/classrooms/{school.room['id']}/seat"
    assert (await ann.post(path, {"action": "leave"})).status_code == 204
    assert (await school.seat(bob))["state"] == "working"
    assert (await school.seat(eve))["place"] == 1
    assert (await ann.get(path)).status_code == 404


async def test_a_code_is_read_as_people_type_it(school: School) -> None:
    await school.open()
    typed = f" {school.room['code'][:3].upper()}-{school.room['code'][3:]} "
    assert (await try_join(school, Person(PHONE), code=typed)).status_code == 201


async def test_a_name_is_taken_once_however_it_is_written(school: School) -> None:
    await school.open()
    await school.join("Ann Lee")
    answer = await try_join(school, Person(PHONE), name="  ann   LEE ")
    assert answer.status_code == 409
    assert answer.json()["error"]["field"] == "name"


async def test_joining_twice_from_one_browser_is_joining_once(school: School) -> None:
    await school.open()
    ann = await school.join("Ann")
    again = await try_join(school, ann, name="Somebody Else")
    assert again.json()["student"]["name"] == "Ann"


async def test_with_the_rejoin_code_one_comes_back_on_another_device(school: School) -> None:
    await school.open()
    await school.done("start")
    ann = await school.join("Ann")
    seat = await school.seat(ann)
    phone = Person(PHONE)
    answer = await try_join(school, phone, pin=seat["student"]["pin"].upper())
    assert answer.status_code == 201
    assert answer.json()["url"] == seat["url"]
    assert (await phone.get(seat["url"])).status_code == 200
    assert (await ann.get(seat["url"])).status_code == 404


async def test_a_wrong_rejoin_code_is_refused_and_soon_not_even_read(
    school: School, settings: Any
) -> None:
    settings.PODYARD_CLASSROOM_PINS_PER_MINUTE_MAX = 3
    await school.open()
    ann = await school.join("Ann")
    pin = (await school.seat(ann))["student"]["pin"]
    codes = [
        (await try_join(school, Person(PHONE), pin=word)).status_code
        for word in ("bcdfgh", "x", "bcdfgj", pin)
    ]
    assert codes == [404, 404, 404, 429]


async def test_a_draft_and_a_wrong_code_open_nothing(school: School) -> None:
    await school.open(draft=True)
    assert (await try_join(school, Person(PHONE))).status_code == 404
    await school.done("open")
    assert (await try_join(school, Person(PHONE))).status_code == 201
    assert (await try_join(school, Person(PHONE), code="zzzzzz")).status_code == 404


async def test_a_class_that_is_over_takes_nobody(school: School) -> None:
    await school.open()
    await school.done("end")
    answer = await try_join(school, Person(PHONE))
    assert answer.status_code == 409
    assert "over" in answer.json()["error"]["message"]


async def test_the_waiting_list_has_an_end(school: School, settings: Any) -> None:
    settings.PODYARD_CLASSROOM_WAITING_MAX = 1
    await school.open(seats=1)
    await school.join("Ann")
    await school.join("Bob")
    answer = await try_join(school, Person(PHONE), name="Eve")
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="spaces"),
        pytest.param("x" * 41, id="too long"),
        pytest.param("a\u202eb", id="turned around"),
        pytest.param(3, id="no text"),
    ],
)
async def test_names_that_cannot_be_shown_are_refused(school: School, name: Any) -> None:
    await school.open()
    answer = await try_join(school, Person(PHONE), name=name)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "name"


async def test_students_see_their_own_progress_only(school: School) -> None:
    await school.open()
    await school.done("start")
    ann, bob = await school.join("Ann"), await school.join("Bob")
    path = f"/api/v1/classrooms/{school.room['id']}"
    for person in (ann, bob):
        for hidden in ("", "/results.csv", "/replay.zip", "/qr.svg"):
            assert (await person.get(path + hidden)).status_code == 404
    mine = (await ann.get(f"{path}/seat")).content.decode()
    assert "Ann" in mine
    assert "Bob" not in mine
    theirs = await school.seat(bob)
    for what in ("", "/lesson", "/export", "/terminals", "/people"):
        session = theirs["url"].split("/")[2]
        assert (await ann.get(f"/api/v1/sessions/{session}{what}")).status_code == 404


async def test_pages_lead_from_the_code_to_the_cluster(school: School) -> None:
    await school.open()
    code = school.room["code"]
    ann = Person(PHONE)
    entered = await ann.get(f"/c/?code={code.upper()}")
    assert (entered.status_code, entered["Location"]) == (302, f"/c/{code}/")
    assert (await ann.get("/c/?code=zzz")).status_code == 404
    door = await ann.get(f"/c/{code}/")
    assert "Your name in this class" in door.content.decode()
    await try_join(school, ann)
    lobby = (await ann.get(f"/c/{code}/")).content.decode()
    assert "being made ready" in lobby
    await school.done("start")
    inside = await ann.get(f"/c/{code}/")
    assert inside["Location"] == (await school.seat(ann))["url"]
    page = (await ann.get(inside["Location"])).content.decode()
    assert f'"code": "{code}"' in page


async def test_the_form_makes_a_classroom_with_what_a_lesson_says(school: School) -> None:
    fields = {
        "title": "Too little room",
        "seats": "4",
        "minutes": "",
        "nodes": "",
        "lesson": "insufficient-cpu",
        "allowed": ["console", "clock"],
        "review": "on",
    }
    answer = await school.teacher.client.post("/teach/new/", fields)
    assert answer.status_code == 302, answer.content
    (room,) = (await school.teacher.get("/api/v1/classrooms")).json()["classrooms"]
    assert answer["Location"] == f"/teach/{room['id']}/"
    assert (room["title"], room["lesson"], room["seats"]) == (
        "Too little room",
        "insufficient-cpu",
        4,
    )
    assert (room["minutes"], room["allowed"], room["is_reviewed"]) == (
        90,
        ["console", "clock"],
        True,
    )
    assert room["nodes"] == lesson_get("insufficient-cpu").start.nodes
    listed = (await school.teacher.get("/teach/")).content.decode()
    assert room["code"] in listed


async def test_a_form_that_is_wrong_comes_back_with_what_was_typed(school: School) -> None:
    answer = await school.teacher.client.post("/teach/new/", {"title": "Mine", "seats": "9999"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "seats is 9999" in page
    assert 'value="Mine"' in page
    assert 'aria-invalid="true"' in page
