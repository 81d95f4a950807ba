"""Addresses of classrooms: pages of teachers and students, and their REST API."""

from __future__ import annotations

from django.urls import path

from playground.classrooms import pages
from playground.classrooms.api import files, rooms, seats

_API = "api/v1/classrooms"
_ROOM = f"{_API}/<slug:room_id>"

urlpatterns = [
    path("teach/", pages.teach, name="teach"),
    path("teach/new/", pages.new, name="classroom-new"),
    path("teach/<slug:room_id>/", pages.wall, name="classroom-wall"),
    path("c/", pages.enter, name="classroom-enter"),
    path("c/<slug:code>/", pages.join, name="classroom-join"),
    path(_API, rooms.classrooms, name="classrooms"),
    path(f"{_API}/join", seats.join, name="classroom-joining"),
    path(_ROOM, rooms.classroom, name="classroom"),
    path(f"{_ROOM}/actions", rooms.act, name="classroom-actions"),
    path(f"{_ROOM}/seat", seats.seat, name="classroom-seat"),
    path(f"{_ROOM}/results.csv", files.results, name="classroom-results"),
    path(f"{_ROOM}/replay.zip", files.replay, name="classroom-replay"),
    path(f"{_ROOM}/qr.svg", files.qr, name="classroom-qr"),
]
