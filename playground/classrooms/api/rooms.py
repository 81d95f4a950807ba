"""A teacher's classrooms over REST."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from playground.classrooms import actions
from playground.classrooms.plans import read_wishes
from playground.classrooms.selectors import room_open, rooms_of, teacher_check
from playground.classrooms.services.rooms import classroom_create, classroom_delete
from playground.classrooms.wall.rooms import room_body
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.problems import Invalid
from playground.site.addresses import base_url

_ACTION_FIELDS = ("action", "students", "value")


@endpoint("GET", "POST")
async def classrooms(asked: ApiRequest) -> HttpResponse:
    """The teacher's classrooms; or a new one."""
    teacher = await teacher_check(asked.known_visitor)
    base = base_url(asked.http)
    if asked.method == "GET":
        return reply({"classrooms": [room_body(one, base) for one in await rooms_of(teacher)]})
    wishes = read_wishes(asked.body(), timezone.now())
    room = await classroom_create(wishes=wishes, teacher=teacher, site_url=base)
    body = room_body(room, base)
    return reply({**body, "url": f"{base}/teach/{room.id}/"}, 201)


@endpoint("GET", "DELETE")
async def classroom(asked: ApiRequest, room_id: str) -> HttpResponse:
    """One classroom; or its end, with everything in it."""
    room = await room_open(room_id, asked.known_visitor)
    if asked.method == "DELETE":
        await classroom_delete(room=room)
        return HttpResponse(status=204)
    return reply(room_body(room, base_url(asked.http)))


@endpoint("POST")
async def act(asked: ApiRequest, room_id: str) -> HttpResponse:
    """One of the teacher's actions."""
    body = asked.body()
    for name in body:
        if name not in _ACTION_FIELDS:
            raise Invalid(f"unknown field {name!r}: give {', '.join(_ACTION_FIELDS)}", field=name)
    outcome = await actions.perform(
        room_id,
        visitor=asked.known_visitor,
        action=body.get("action"),
        students=body.get("students"),
        value=body.get("value"),
        site_url=base_url(asked.http),
    )
    return reply(outcome.body())
