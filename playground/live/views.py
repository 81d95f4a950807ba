"""Terminals over REST: open, list, close. Their screens come over WebSockets."""

from __future__ import annotations

from django.http import HttpResponse

from cluster_engine.apiserver.requests import Source
from playground.hosting.selectors import site_host
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import rules
from playground.live.selectors import terminals
from playground.live.terminals import read_spec


@endpoint("GET", "POST")
async def terminals_of(asked: ApiRequest, session_id: str) -> HttpResponse:
    """The session's terminals; or a new one."""
    is_opening = asked.method == "POST"
    session, role = await asked.session(session_id, needs_edit=is_opening)
    if not is_opening:
        return reply({"terminals": [one.body() for one in terminals().list(session.id)]})
    spec = read_spec(asked.body())
    if spec["kind"] == "console":
        await rules().check(session.id, role, Act.CONSOLE)
    caller = asked.caller(role, Source.CONSOLE)
    terminal = await terminals().open(site_host(), session.id, spec, caller)
    return reply(terminal.body(), 201)


@endpoint("GET", "DELETE")
async def terminal(asked: ApiRequest, session_id: str, number: int) -> HttpResponse:
    """One terminal; or its end."""
    is_closing = asked.method == "DELETE"
    session, _ = await asked.session(session_id, needs_edit=is_closing)
    if not is_closing:
        return reply(terminals().get(session.id, number).body())
    terminals().close(session.id, number)
    return HttpResponse(status=204)
