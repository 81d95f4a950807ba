"""The classrooms' pages: a teacher's list, a new one, the wall; a student's way in and the lobby.

Every form works without scripts.
"""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from playground.accounts.visitors import Visitor, new_visitor, remember, visitor_of
from playground.classrooms import codes, forms
from playground.classrooms.models import Classroom, Stage, Student
from playground.classrooms.plans import nickname
from playground.classrooms.problems import NameTaken
from playground.classrooms.seat_body import seat_body
from playground.classrooms.selectors import (
    room_by_code,
    room_open,
    rooms_of,
    student_of,
    teacher_check,
)
from playground.classrooms.services.rooms import classroom_create
from playground.classrooms.services.students import student_join, student_return
from playground.lab_sessions.problems import Forbidden, Invalid, NotFound
from playground.lab_sessions.views import page
from playground.site.addresses import base_url, client_address

_SEES_CLUSTER = (Stage.WORKING, Stage.FINISHED)


@require_safe
@page
async def teach(request: HttpRequest) -> HttpResponse:
    """A teacher's classrooms; for others, how to become a teacher."""
    visitor = visitor_of(request.COOKIES)
    try:
        teacher = await teacher_check(visitor)
    except Forbidden:
        return await _show(request, "classrooms/not_a_teacher.html", {}, status=403)
    rooms = await rooms_of(teacher)
    live = [room for room in rooms if room.state != "ended"]
    over = [room for room in rooms if room.state == "ended"]
    return await _show(request, "classrooms/list.html", {"live": live, "over": over})


@csrf_protect
@page
async def new(request: HttpRequest) -> HttpResponse:
    """A new classroom: a form."""
    teacher = await teacher_check(visitor_of(request.COOKIES))
    problem: Invalid | None = None
    if request.method == "POST":
        try:
            wishes = forms.read_form(request.POST, timezone.now())
            site_url = base_url(request)
            room = await classroom_create(wishes=wishes, teacher=teacher, site_url=site_url)
            return redirect("classroom-wall", room_id=room.id)
        except Invalid as invalid:
            problem = invalid
    elif request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    context = await forms.form_context(request.POST, problem)
    status = 200 if problem is None else 422
    return await _show(request, "classrooms/new.html", context, status=status)


@require_safe
@page
async def wall(request: HttpRequest, room_id: str) -> HttpResponse:
    """The wall of a classroom, for its teacher."""
    room = await room_open(room_id, visitor_of(request.COOKIES))
    data = {
        "id": room.id,
        "ws": f"/ws/classrooms/{room.id}/wall/",
        "api": f"/api/v1/classrooms/{room.id}",
    }
    return await _show(request, "classrooms/wall.html", {"classroom": room, "data": data})


@require_safe
@page
async def enter(request: HttpRequest) -> HttpResponse:
    """Where a join code is typed."""
    code = codes.plain(request.GET.get("code", ""))
    if code:
        try:
            room = await room_by_code(code)
            return redirect("classroom-join", code=room.code)
        except NotFound as refusal:
            context = {"code": code, "problem": refusal.message}
            return await _show(request, "classrooms/enter.html", context, status=404)
    return await _show(request, "classrooms/enter.html", {"code": "", "problem": ""})


@require_http_methods(("GET", "HEAD", "POST"))
@csrf_protect
@page
async def join(request: HttpRequest, code: str) -> HttpResponse:
    """A classroom's door: a name, or a name and a rejoin code; then the lobby, then the cluster."""
    room = await room_by_code(code)
    visitor = visitor_of(request.COOKIES)
    student = await student_of(room, visitor)
    if student is not None:
        return await _inside(request, room, student)
    if request.method == "POST":
        return await _come_in(request, room, visitor or new_visitor())
    return await _door(request, room)


async def _come_in(request: HttpRequest, room: Classroom, visitor: Visitor) -> HttpResponse:
    address = client_address(request)
    name, pin = request.POST.get("name", ""), request.POST.get("pin", "")
    try:
        name = nickname(name)
        if pin.strip():
            await student_return(room=room, visitor=visitor, name=name, pin=pin, address=address)
        else:
            await student_join(room=room, visitor=visitor, name=name, address=address)
    except (Invalid, NameTaken, NotFound) as refusal:
        context = {"name": name, "problem": refusal.message, "is_back": bool(pin.strip())}
        return await _door(request, room, context, status=refusal.status)
    response: HttpResponse = redirect("classroom-join", code=room.code)
    remember(request, response, visitor)
    return response


async def _door(
    request: HttpRequest,
    room: Classroom,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    visitor = visitor_of(request.COOKIES)
    known = visitor.name if visitor is not None and visitor.has_account else ""
    facts = {"classroom": room, "name": known, "problem": "", "is_back": False, **(context or {})}
    response = await _show(request, "classrooms/join.html", facts, status=status)
    response["Referrer-Policy"] = "same-origin"
    return response


async def _inside(request: HttpRequest, room: Classroom, student: Student) -> HttpResponse:
    seat = await seat_body(room, student)
    if student.stage in _SEES_CLUSTER and seat["url"]:
        return redirect(seat["url"])
    data = {
        "id": room.id,
        "ws": f"/ws/classrooms/{room.id}/seat/",
        "api": f"/api/v1/classrooms/{room.id}/seat",
        "seat": seat,
    }
    context = {
        "classroom": room,
        "student": student,
        "pin": codes.shown(student.pin),
        "place": seat["place"],
        "data": data,
    }
    return await _show(request, "classrooms/lobby.html", context)


async def _show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shown = sync_to_async(render, thread_sensitive=True)
    response = await shown(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response
