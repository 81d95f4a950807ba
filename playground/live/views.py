"""Terminals over REST: open, list, close. Their screens come over WebSockets."""

from __future__ import annotations

from django.http import HttpResponse

from cluster_engine.apiserver.requests import Source
from playground.hosting.selectors import site_host
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import rules
from playground.live.selectors import terminals
from playground.live.services import terminals_show
from playground.live.terminal_specs import read_spec


@endpoint("GET", "POST")
async def terminals_of(asked: ApiRequest, session_id: str) -> HttpResponse:
    """The session's terminals; or a new one."""
    is_opening = asked.method == "POST"
    session, role = await asked.session(session_id, needs_edit=is_opening)
    await terminals().adopt(site_host(), session.id)
    if not is_opening:
        return reply({"terminals": [one.body() for one in terminals().list(session.id)]})
    spec = read_spec(asked.body())
    if spec["kind"] == "console":
        await rules().check(session.id, role, Act.CONSOLE)
    caller = asked.caller(role, Source.CONSOLE)
    terminal = await terminals().open(site_host(), session.id, spec, caller)
    terminals_show(session.id)
    return reply(terminal.body(), 201)


@endpoint("GET", "DELETE")
async def terminal(asked: ApiRequest, session_id: str, number: int) -> HttpResponse:
    """One terminal; or its end."""
    is_closing = asked.method == "DELETE"
    admission = await asked.admission(session_id, needs_edit=is_closing)
    await terminals().adopt(site_host(), session_id)
    found = terminals().get(session_id, number)
    if not is_closing:
        return reply(found.body())
    found.check_may_close(admission.person.id, admission.role)
    terminals().close(session_id, number)
    terminals_show(session_id)
    return HttpResponse(status=204)
