"""Links that let somebody in: opened, used once, with an account or without."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from playground.accounts.models import Grant
from playground.accounts.rights import Right
from playground.accounts.selectors import has_right
from playground.accounts.services import invitation_make
from playground.hosting.local import LocalHost
from tests.playground.accounts.browsers import Browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("right", "door"),
    [(Right.TEACH, "/teach/"), (Right.REVIEW, "/review/"), (Right.OPERATE, "/admin/")],
)
async def test_a_guest_accepts(host: LocalHost, right: Right, door: str) -> None:
    path = await invitation_make(right=right)
    browser = Browser()
    shown = await browser.get(path)
    assert right.group in shown.content.decode()
    assert not await Grant.objects.aexists(), "looking at a link must not use it up"
    answer = await browser.post(path)
    assert (answer.status_code, answer.headers["location"]) == (302, door)
    assert await has_right(browser.visitor_id, right)
    assert (await Browser().get(path)).status_code == 404


async def test_a_right_moves_from_the_guest_to_the_account(host: LocalHost) -> None:
    browser, other = Browser(), Browser()
    await browser.post(await invitation_make(right=Right.TEACH))
    await browser.sign_up("ada")
    assert await has_right(browser.visitor_id, Right.TEACH)
    await other.log_in("ada")
    assert await has_right(other.visitor_id, Right.TEACH)


async def test_signing_up_needs_an_invitation_where_the_operator_says_so(
    host: LocalHost, settings: Any
) -> None:
    settings.PODYARD_SIGNUP = "invitation"
    path = await invitation_make(right=None)
    browser, second = Browser(), Browser()
    await browser.get(path)
    await second.get(path)
    answer = await browser.sign_up("ada")
    assert answer.status_code == 302
    page = await second.get("/accounts/signup/")
    assert "by invitation only" in page.content.decode()
    assert await User.objects.acount() == 1


async def test_a_link_that_was_made_up_opens_nothing(host: LocalHost) -> None:
    answer = await Browser().get("/teach/welcome/made-up/")
    assert (answer.status_code, b"This link is wrong" in answer.content) == (404, True)


async def test_links_work_where_accounts_are_off(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_ACCOUNTS = False
    path = await invitation_make(right=Right.TEACH)
    browser = Browser()
    page = await browser.get(path)
    assert b"Sign up" not in page.content
    await browser.post(path)
    assert await has_right(browser.visitor_id, Right.TEACH)
