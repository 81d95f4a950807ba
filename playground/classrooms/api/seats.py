"""A student's place in a classroom over REST."""

from __future__ import annotations

from django.http import HttpResponse

from playground.classrooms.models import Classroom, Student
from playground.classrooms.plans import nickname
from playground.classrooms.seat_body import seat_body
from playground.classrooms.selectors import room_by_code, room_get, student_get, student_of
from playground.classrooms.services.students import (
    hand_set,
    help_answer,
    student_finish,
    student_join,
    student_remove,
    student_return,
)
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.problems import Invalid, NotFound
from playground.site.addresses import client_address

_ACTS = ("raise-hand", "lower-hand", "let-in", "send-out", "finish", "leave")


@endpoint("POST")
async def join(asked: ApiRequest) -> HttpResponse:
    """Come in with a name; with a rejoin code, come back on another device."""
    body = asked.body()
    code = body.get("code")
    if not isinstance(code, str):
        raise Invalid("code: give the classroom's join code", field="code")
    room = await room_by_code(code)
    name = nickname(body.get("name"))
    address = client_address(asked.http)
    pin = body.get("pin")
    if isinstance(pin, str) and pin:
        student = await student_return(
            room=room, visitor=asked.visitor, name=name, pin=pin, address=address
        )
    else:
        student = await student_join(room=room, visitor=asked.visitor, name=name, address=address)
    return reply(await seat_body(room, student), 201)


@endpoint("GET", "POST")
async def seat(asked: ApiRequest, room_id: str) -> HttpResponse:
    """One's own place; or an act of one's own."""
    room, student = await _mine(asked, room_id)
    if asked.method == "POST":
        await _act(room, student, asked.body().get("action"))
        if student.key == "":
            return HttpResponse(status=204)
        student = await student_get(room, student.id)
    return reply(await seat_body(room, student))


async def _mine(asked: ApiRequest, room_id: str) -> tuple[Classroom, Student]:
    room = await room_get(room_id)
    student = await student_of(room, asked.known_visitor)
    if student is None:
        raise NotFound("you are not in this classroom")
    return room, student


async def _act(room: Classroom, student: Student, action: object) -> None:
    if action in ("raise-hand", "lower-hand"):
        await hand_set(student=student, is_up=action == "raise-hand")
    elif action in ("let-in", "send-out"):
        await help_answer(room=room, student=student, is_welcome=action == "let-in")
    elif action == "finish":
        await student_finish(student=student)
    elif action == "leave":
        await student_remove(room=room, student=student)
    else:
        raise Invalid(f"action is {action!r}: give one of {', '.join(_ACTS)}", field="action")
