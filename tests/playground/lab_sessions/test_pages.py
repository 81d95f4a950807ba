"""Pages as a browser gets them: without scripts they still work, and nothing inline runs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import AsyncClient

from playground.hosting.local import LocalHost

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_landing_page_starts_a_session_without_scripts(host: LocalHost) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    page = (await client.get("/")).content.decode()
    assert 'data-testid="start"' in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    answer = await client.post("/", {"csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302
    assert re.fullmatch(r"/s/[a-z0-9]+/", answer.headers["location"])
    workspace = (await client.get(answer.headers["location"])).content.decode()
    data = re.search(r'<script id="session-data" type="application/json">(.*?)</script>', workspace)
    assert data is not None
    body = json.loads(data[1])
    assert body["role"] == "owner"
    assert body["ws"] == f"/ws/sessions/{body['id']}/"
    assert body["server"].startswith(f"/k8s/{body['id']}/")


async def test_a_form_from_elsewhere_starts_nothing(host: LocalHost) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    assert (await client.post("/")).status_code == 403
    assert host.ids() == []


@pytest.mark.parametrize("path", ["/", "/nothing-here"])
async def test_pages_run_no_inline_script(host: LocalHost, path: str) -> None:
    answer = await AsyncClient().get(path)
    policy = answer.headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src "))
    assert scripts == "script-src 'self'"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", answer.content.decode())
    assert inline == []


async def test_an_address_that_is_wrong_has_a_page(host: LocalHost) -> None:
    answer = await AsyncClient().get("/nothing-here")
    assert (answer.status_code, b"Nothing here" in answer.content) == (404, True)
    api = await AsyncClient().get("/api/v1/nothing-here")
    assert (api.status_code, api.json()["error"]["code"]) == (404, "not-found")


async def test_a_strangers_session_looks_like_none(host: LocalHost) -> None:
    owner = AsyncClient()
    started = await owner.post("/")
    answer = await AsyncClient().get(started.headers["location"])
    assert answer.status_code == 404


async def test_a_wrong_link_joins_nobody(host: LocalHost) -> None:
    started = await AsyncClient().post("/")
    answer = await AsyncClient().post(started.headers["location"] + "join/wrong/")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_the_operators_addresses_answer(host: LocalHost, path: str) -> None:
    assert (await AsyncClient().get(path)).status_code == 200


async def test_metrics_can_need_a_token(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_METRICS_TOKEN = "secret"
    assert (await AsyncClient().get("/metrics")).status_code == 403
    headers = {"authorization": "Bearer secret"}
    answer = await AsyncClient().get("/metrics", headers=headers)
    assert b"podyard_clusters 0" in answer.content
