"""The pages of accounts as an installation may have them: with e-mail, without accounts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse

from playground.accounts.urls import login_patterns
from playground.hosting.local import LocalHost
from tests.playground.accounts.browsers import Browser

pytestmark = pytest.mark.django_db(transaction=True)
WITH_EMAIL = [
    "account_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_connections",
]


@pytest.fixture
def all_pages(settings: Any) -> None:
    """E-mail can be sent, and every page is there."""
    settings.ROOT_URLCONF = "tests.playground.accounts.every_url"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PODYARD_EMAIL = "smtp"
    settings.ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"


@pytest.mark.parametrize("name", WITH_EMAIL)
async def test_every_page_has_the_sites_look(host: LocalHost, all_pages: None, name: str) -> None:
    browser = Browser()
    await browser.sign_up("ada")
    page = await browser.get(reverse(name))
    text = page.content.decode()
    assert page.status_code in (200, 401)
    assert 'class="landing-main account"' in text
    assert len(re.findall(r"<h1>", text)) == 1


async def test_a_forgotten_password_is_reset_by_mail(host: LocalHost, all_pages: None) -> None:
    browser = Browser()
    form = {"username": "ada", "password1": "correct horse 7", "password2": "correct horse 7"}
    await browser.post("/accounts/signup/", {**form, "email": "ada@example.com"})
    await browser.log_out()
    mail.outbox.clear()
    await browser.post("/accounts/password/reset/", {"email": "ada@example.com"})
    found = re.search(
        r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body)
    )
    assert found is not None
    shown = await browser.get(found[1])
    path = shown.headers["location"]
    new = {"password1": "another horse 8", "password2": "another horse 8"}
    await browser.post(path, new)
    assert (await browser.log_in("ada", "another horse 8")).status_code == 302


async def test_an_unknown_address_is_told_the_same(host: LocalHost, all_pages: None) -> None:
    browser = Browser()
    answer = await browser.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert answer.headers["location"] == "/accounts/password/reset/done/"
    assert not await User.objects.aexists()


def test_without_accounts_there_are_no_pages_of_them() -> None:
    assert login_patterns(is_on=False, has_email=True, has_providers=True) == []


async def test_without_accounts_nothing_speaks_of_them(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_ACCOUNTS = False
    browser = Browser()
    await browser.start()
    for path in ("/", "/account/", "/privacy/"):
        text = (await browser.get(path)).content.decode()
        assert "Sign up" not in text and "Log in" not in text


async def test_a_guest_sees_what_is_theirs(host: LocalHost) -> None:
    browser = Browser()
    session = await browser.start()
    text = (await browser.get("/account/")).content.decode()
    assert f"/s/{session}/" in text
    assert "You are a guest" in text
