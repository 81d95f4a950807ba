"""Manifests over REST."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse

from cluster_engine.apiserver.requests import Source
from cluster_engine.simulation.limits import Limits
from playground.hosting.selectors import site_host
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.manifests.actions import Action, perform
from playground.lab_sessions.problems import Invalid


@endpoint("POST")
async def manifests(asked: ApiRequest, session_id: str) -> HttpResponse:
    """Apply, try, compare, delete or check a text."""
    body = asked.body()
    word = body.get("action", Action.APPLY.value)
    if word not in list(Action):
        known = ", ".join(Action)
        raise Invalid(f"action is {word!r}: give one of {known}", field="action")
    action = Action(word)
    text = body.get("text")
    if not isinstance(text, str):
        raise Invalid("text is missing: give the manifests as a text", field="text")
    is_changing = action in (Action.APPLY, Action.DELETE)
    session, role = await asked.session(session_id, needs_edit=is_changing)
    limits = replace(
        Limits(),
        yaml_bytes_max=settings.PODYARD_MANIFEST_BYTES_MAX,
        yaml_documents_max=settings.PODYARD_MANIFEST_DOCUMENTS_MAX,
    )
    report = await perform(
        host=site_host(),
        cluster_id=session.id,
        user=role.user,
        text=text,
        action=action,
        limits=limits,
        caller=asked.caller(role, Source.EDITOR),
    )
    return reply(report.body(settings.PODYARD_MANIFEST_PROBLEMS_MAX))
