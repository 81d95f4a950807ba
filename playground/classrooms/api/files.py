"""Files of a classroom: results, a replay of everything, the QR code of its join address."""

from __future__ import annotations

import io
from typing import cast

import segno
from django.http import HttpResponse, StreamingHttpResponse

from playground.classrooms.replay import replay_zip
from playground.classrooms.results import results_csv
from playground.classrooms.selectors import room_open
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint
from playground.site.addresses import base_url


@endpoint("GET")
async def results(asked: ApiRequest, room_id: str) -> HttpResponse:
    """What came of it, a row per student."""
    room = await room_open(room_id, asked.known_visitor)
    text = await results_csv(room)
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="classroom-{room.code}.csv"'
    return response


@endpoint("GET")
async def replay(asked: ApiRequest, room_id: str) -> HttpResponse:
    """Everybody's cluster and timeline, the results and the record, in one file."""
    room = await room_open(room_id, asked.known_visitor)
    response = StreamingHttpResponse(replay_zip(room), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="classroom-{room.code}.zip"'
    return cast(HttpResponse, response)


@endpoint("GET")
async def qr(asked: ApiRequest, room_id: str) -> HttpResponse:
    """The join address to point a phone at."""
    room = await room_open(room_id, asked.known_visitor)
    out = io.BytesIO()
    code = segno.make(f"{base_url(asked.http)}/c/{room.code}/", error="m")
    code.save(out, kind="svg", scale=8, border=3, dark="#111", light="#fff")
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
