"""The desk's pages: a shell that says who is asking; what they see is the API's to decide."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import AsyncClient

from playground.hosting.local import LocalHost

pytestmark = pytest.mark.django_db(transaction=True)


async def _data(client: AsyncClient, path: str) -> dict[str, Any]:
    page = (await client.get(path)).content.decode()
    found = re.search(r'<script id="review-data" type="application/json">(.*?)</script>', page)
    assert found is not None
    body: dict[str, Any] = json.loads(found[1])
    return body


@pytest.mark.parametrize("path", ["/review/", "/review/abc-3/"], ids=["list", "submission"])
async def test_somebody_new_is_nobody_yet(path: str) -> None:
    client = AsyncClient()
    assert await _data(client, path) == {"me": None, "is_reviewer": False}
    assert client.cookies == {}, "looking leaves no trace"


async def test_a_visitor_is_named(host: LocalHost) -> None:
    client = AsyncClient()
    answer = await client.post("/api/v1/sessions", {}, content_type="application/json")
    assert answer.status_code == 201
    data = await _data(client, "/review/")
    assert data["me"]["id"] and data["me"]["name"]
    assert data["is_reviewer"] is False


@pytest.mark.parametrize(
    ("path", "place"),
    [("/review", "/review/"), ("/review/abc-3", "/review/abc-3/")],
    ids=["list", "submission"],
)
async def test_an_address_without_its_slash_is_understood(path: str, place: str) -> None:
    answer = await AsyncClient().get(path)
    assert (answer.status_code, answer.headers["location"]) == (301, place)


async def test_nothing_is_posted_to_a_page() -> None:
    assert (await AsyncClient().post("/review/")).status_code == 405
