"""Waiting for a place, over REST: how a ticket stands, and its session when its turn has come."""

from __future__ import annotations

from django.http import HttpResponse

from playground.accounts.visitors import Visitor
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.selectors import session_admit, session_body
from playground.lab_sessions.waiting.line import ticket_get, ticket_standing
from playground.lab_sessions.waiting.services import ticket_leave, ticket_see
from playground.site.addresses import base_url


@endpoint("GET", "DELETE")
async def ticket(asked: ApiRequest, ticket: str) -> HttpResponse:
    """`{"waiting": …}`, then `{"session": …}` with its token; or no more waiting.

    Who has the ticket is who took it: it is a secret.
    """
    found = await ticket_get(ticket)
    if asked.method == "DELETE":
        await ticket_leave(ticket=found)
        return HttpResponse(status=204)
    await ticket_see(ticket=found)
    if found.session_id is None:
        return reply({"waiting": await ticket_standing(found)})
    visitor = Visitor(found.visitor, found.name, found.color)
    admission = await session_admit(found.session_id, visitor=visitor)
    body = session_body(admission, base_url(asked.http))
    return reply({"session": {**body, "token": admission.secret}})
