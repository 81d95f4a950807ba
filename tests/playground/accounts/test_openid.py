"""Logging in by a school's OpenID provider: a real one on a local port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from playground.accounts.selectors import account_of
from playground.hosting.local import LocalHost
from tests.playground.accounts.browsers import Browser
from tests.playground.accounts.school import School, open_school

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = "/accounts/oidc/school/login/?process=login"


@pytest.fixture
def school(settings: Any) -> Iterator[School]:
    with open_school() as made:
        made.person = {"sub": "4711", "preferred_username": "eve", "email": "eve@school.example"}
        settings.ROOT_URLCONF = "tests.playground.accounts.every_url"
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [made.app()]}}
        yield made


async def go(browser: Browser, process: str = "login") -> dict[str, str]:
    """Press the button; what the provider is asked."""
    path = f"/accounts/oidc/school/login/?process={process}"
    answer = await browser.post(
        path, page="/accounts/login/" if process == "login" else "/account/"
    )
    asked = urlsplit(answer.headers["location"])
    assert asked.path == "/authorize"
    return {name: values[0] for name, values in parse_qs(asked.query).items()}


async def come_back(browser: Browser, state: str) -> Any:
    """The provider sends the person back."""
    return await browser.get(f"/accounts/oidc/school/login/callback/?code=c&state={state}")


async def test_somebody_of_the_school_comes_in_and_keeps_the_guests_session(
    host: LocalHost, school: School
) -> None:
    browser = Browser()
    session = await browser.start()
    page = (await browser.get("/accounts/login/")).content.decode()
    assert "Log in with Our School" in page
    asked = await go(browser)
    assert asked["redirect_uri"] == "http://testserver/accounts/oidc/school/login/callback/"
    assert asked["code_challenge_method"] == "S256"
    answer = await come_back(browser, asked["state"])
    assert answer.headers["location"] == "/account/"
    assert browser.visitor is not None and browser.visitor.has_account
    assert (await User.objects.aget()).username == "eve"
    assert (await browser.get(f"/s/{session}/")).status_code == 200
    assert school.asked and school.asked[0] not in asked["code_challenge"]


async def test_the_next_time_it_is_the_same_account(host: LocalHost, school: School) -> None:
    first, second = Browser(), Browser()
    for browser in (first, second):
        asked = await go(browser)
        await come_back(browser, asked["state"])
    assert first.visitor_id == second.visitor_id
    assert await User.objects.acount() == 1


@pytest.mark.parametrize("state", ["made-up", ""], ids=["another state", "no state"])
async def test_an_answer_that_nobody_asked_for_logs_nobody_in(
    host: LocalHost, school: School, state: str
) -> None:
    browser = Browser()
    await go(browser)
    answer = await come_back(browser, state)
    assert answer.status_code == 401
    assert "sessionid" not in browser.client.cookies or (
        "You are a guest" in (await browser.get("/account/")).content.decode()
    )
    assert not await User.objects.aexists()


async def test_another_browser_cannot_use_the_answer(host: LocalHost, school: School) -> None:
    mine, theirs = Browser(), Browser()
    asked = await go(mine)
    await come_back(theirs, asked["state"])
    assert theirs.visitor is None or not theirs.visitor.has_account


async def test_an_address_or_a_name_of_somebody_else_takes_nothing_over(
    host: LocalHost, school: School
) -> None:
    owner = Browser()
    await owner.start()
    await owner.sign_up("eve")
    await User.objects.aupdate(email="eve@school.example")
    browser = Browser()
    await come_back(browser, (await go(browser))["state"])
    visitor = browser.visitor
    found = await account_of(visitor.id) if visitor is not None else None
    assert found is None or found.username != "eve"
    assert "owner" not in (await browser.get("/account/")).content.decode()


async def test_the_button_needs_a_token_and_a_get_only_asks(
    host: LocalHost, school: School
) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    assert (await client.post(LOGIN)).status_code == 403
    page = await client.get(LOGIN)
    assert page.status_code == 200


async def test_forms_may_lead_to_the_school_and_nowhere_else(
    host: LocalHost, school: School
) -> None:
    page = await Browser().get("/accounts/login/")
    policy = page.headers["content-security-policy"]
    assert f"form-action 'self' {school.url};" in policy + ";"
    other = await Browser().get("/")
    assert "form-action 'self';" in other.headers["content-security-policy"] + ";"


async def test_a_login_is_connected_and_removed(host: LocalHost, school: School) -> None:
    browser = Browser()
    await browser.sign_up("ada")
    asked = await go(browser, "connect")
    await come_back(browser, asked["state"])
    page = await browser.get("/accounts/3rdparty/")
    assert "Our School" in page.content.decode()
    assert await User.objects.acount() == 1
    data = (await browser.get("/account/data.json")).json()
    assert data["account"][0]["logins"] == [{"provider": "school", "id": "4711"}]
