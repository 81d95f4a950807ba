"""Examples to start with, over REST."""

from __future__ import annotations

from django.http import HttpResponse

from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.examples import EXAMPLES


@endpoint("GET")
async def examples(asked: ApiRequest) -> HttpResponse:
    """All of them."""
    rows = [{"name": one.name, "title": one.title, "text": one.text} for one in EXAMPLES]
    response = reply(rows)
    response["Cache-Control"] = "public, max-age=300"
    return response
