"""Every address of the router, as everybody: the answers are those of docs/authorization.md."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.core.cache import cache

from playground.hosting.local import LocalHost
from tests.playground.authorization import table
from tests.playground.authorization.paths import (
    METHODS,
    is_refused,
    meet,
    needs_submission,
    outcome,
    routes,
)
from tests.playground.authorization.table import Outcome
from tests.playground.authorization.world import ROLES, make_world

RULES = table.rules()
ROWS = table.rows("Addresses")
LISTED = [(method, row.path, row.rule) for row in ROWS for method in row.what.split()]
#: Who tries the methods that have no row.
_CURIOUS = ("stranger", "owner", "superuser")


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Limits on logging in are counted in the cache."""
    cache.clear()


def test_every_address_has_a_row() -> None:
    listed = {row.path for row in ROWS}
    missing = "\n".join(f"| GET | `{path}` | … |" for path in routes() if path not in listed)
    assert not missing, f"docs/authorization.md, section Addresses, needs:\n{missing}"


def test_every_row_has_an_address_and_a_rule() -> None:
    assert [row.path for row in ROWS if row.path not in routes()] == []
    assert [row.id for row in ROWS if row.rule not in RULES] == []
    assert [name for name, rule in RULES.items() if set(rule) != set(ROLES)] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("method", "path", "rule"), LISTED, ids=[f"{row[0]} {row[1]}" for row in LISTED]
)
async def test_everybody_meets_what_the_table_says(
    host: LocalHost, method: str, path: str, rule: str
) -> None:
    is_review = needs_submission(path)
    world = await make_world(has_submission=is_review)
    met: dict[str, Outcome] = {}
    for role in ROLES:
        answer = await meet(world, role, method, path)
        assert answer.status_code != 405, f"{method} {path} is not answered: take its row out"
        met[role] = outcome(answer)
        if method != "GET" and answer.status_code < 400:
            cache.clear()
            await host.close_all()
            world = await make_world(has_submission=is_review)
    assert met == RULES[rule]


@pytest.mark.django_db(transaction=True)
async def test_methods_without_a_row_are_refused(host: LocalHost) -> None:
    world = await make_world(has_submission=True)
    listed = {(method, path) for method, path, _ in LISTED}
    answered = []
    for path in routes():
        cache.clear()
        for method, role in product(METHODS, _CURIOUS):
            if (method, path) not in listed:
                answer = await meet(world, role, method, path, has_token=False)
                if not is_refused(answer):
                    answered.append(f"{method} {path}: {answer.status_code} to {role}")
    assert answered == [], "refuse these methods, or give them a row in docs/authorization.md"


OPTIONAL = table.rows("Addresses of some installations")


@pytest.fixture
def every_page(settings: Any) -> None:
    """E-mail can be sent, and there is a provider."""
    settings.ROOT_URLCONF = "tests.playground.accounts.every_url"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_pages_that_only_some_installations_have_have_a_row(every_page: None) -> None:
    listed = {row.path for row in ROWS} | {row.path for row in OPTIONAL}
    missing = "\n".join(f"| GET | `{path}` | … |" for path in routes() if path not in listed)
    assert not missing, f"docs/authorization.md, Addresses of some installations, needs:\n{missing}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", OPTIONAL, ids=[row.id for row in OPTIONAL])
async def test_everybody_meets_what_it_says_there_too(
    host: LocalHost, every_page: None, row: table.Row
) -> None:
    world = await make_world()
    for method in row.what.split():
        met = {}
        for role in ROLES:
            cache.clear()
            met[role] = outcome(await meet(world, role, method, row.path))
        assert met == RULES[row.rule]
