"""Files of a classroom: the QR code of its join address."""

from __future__ import annotations

import io

import segno
from django.http import HttpResponse

from playground.classrooms.selectors import room_open
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint
from playground.site.addresses import base_url


@endpoint("GET")
async def qr(asked: ApiRequest, room_id: str) -> HttpResponse:
    """The join address to point a phone at."""
    room = await room_open(room_id, asked.known_visitor)
    out = io.BytesIO()
    code = segno.make(f"{base_url(asked.http)}/c/{room.code}/", error="m")
    code.save(out, kind="svg", scale=8, border=3, dark="#111", light="#fff")
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
