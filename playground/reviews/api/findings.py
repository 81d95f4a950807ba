"""Findings over REST, for a text that nobody has submitted yet: the editor's advice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse

from cluster_engine.simulation.limits import Limits
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.problems import Invalid
from playground.reviews.findings import findings_of
from playground.reviews.rules import rules_here


@endpoint("POST")
async def findings(asked: ApiRequest) -> HttpResponse:
    """What is worth saying about a text. Nothing is stored."""
    text = asked.body().get("text")
    if not isinstance(text, str):
        raise Invalid("text is missing: give the manifests as a text", field="text")
    limits = replace(
        Limits(),
        yaml_bytes_max=settings.PODYARD_ADVICE_BYTES_MAX,
        yaml_documents_max=settings.PODYARD_MANIFEST_DOCUMENTS_MAX,
    )
    here = await sync_to_async(rules_here)()
    found = await asyncio.to_thread(findings_of, text, rules=here, limits=limits)
    most = settings.PODYARD_MANIFEST_PROBLEMS_MAX
    return reply({"findings": [finding.body() for finding in found[:most]]})


@endpoint("GET")
async def rules(asked: ApiRequest) -> HttpResponse:
    """Everything that is looked for, with how much it matters here."""
    found = await sync_to_async(rules_here)()
    return reply({"rules": [rule.body() for rule in found.rules.values()]})
