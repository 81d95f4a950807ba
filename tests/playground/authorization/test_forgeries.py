"""Requests that another site makes a browser send: whatever changes something refuses them."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from playground.hosting.local import LocalHost
from tests.playground.authorization import table
from tests.playground.authorization.paths import meet
from tests.playground.authorization.world import make_world

CHANGING = [
    (method, row.path)
    for row in table.rows("Addresses")
    for method in row.what.split()
    if method != "GET"
]
#: Who may do most, in a browser that sends their cookies along.
_RICH = ("owner", "class teacher", "superuser")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://testserver:81"])
async def test_nothing_is_done_for_a_page_of_another_site(host: LocalHost, origin: str) -> None:
    world = await make_world(has_submission=True)
    done = []
    for method, path in CHANGING:
        cache.clear()
        for role in _RICH:
            answer = await meet(world, role, method, path, origin=origin)
            if answer.status_code != 403:
                done.append(f"{method} {path} as {role}: {answer.status_code}")
    assert done == []


@pytest.mark.django_db(transaction=True)
async def test_no_form_works_without_its_token(host: LocalHost) -> None:
    world = await make_world(has_submission=True)
    done = []
    for method, path in CHANGING:
        cache.clear()
        if not path.startswith("/api/"):
            for role in _RICH:
                answer = await meet(world, role, method, path, has_token=False)
                if answer.status_code != 403:
                    done.append(f"{method} {path} as {role}: {answer.status_code}")
    assert done == []
