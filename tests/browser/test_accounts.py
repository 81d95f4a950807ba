"""Accounts in real browsers: a guest signs up and keeps the session, in a second browser too."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import start_cluster
from tests.browser.test_main_job import violations

PASSWORD = "correct horse 7"


def sign_up(page: Page, name: str) -> None:
    """From a session's page, by its menu."""
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Sign up to keep this session").click()
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()


def test_an_account_keeps_the_session_and_deletion_ends_it(
    visitor: Page, site: str, chromium: Browser
) -> None:
    start_cluster(visitor, site)
    session = re.search(r"/s/(\w+)/", visitor.url)
    assert session is not None
    sign_up(visitor, "ada-of-the-browser")
    expect(visitor).to_have_url(re.compile(f"/s/{session[1]}/"))
    visitor.locator("[data-testid=node][data-name=node-1]").wait_for(state="attached")

    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    other = context.new_page()
    other.goto(f"{site}/accounts/login/")
    other.get_by_label("Username").fill("ada-of-the-browser")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Your account")
    other.get_by_role("link", name=re.compile(r"^\w+-\d+$")).first.click()
    other.locator("[data-testid=node][data-name=node-1]").wait_for(state="attached")

    visitor.goto(f"{site}/account/")
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="Download my data").click()
    data = json.loads(download.value.path().read_text())
    assert [one["id"] for one in data["sessions"]] == [session[1]]
    visitor.get_by_role("link", name="Delete my account").click()
    visitor.get_by_label("Your password").fill(PASSWORD)
    visitor.get_by_role("button", name="Delete my account").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("It is gone")
    other.goto(f"{site}/account/")
    expect(other.get_by_role("heading", level=1)).to_have_text("You are a guest")
    assert other.request.get(f"{site}/s/{session[1]}/").status == 404
    context.close()


PAGES = ["/accounts/login/", "/accounts/signup/", "/account/", "/account/delete/", "/privacy/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_about_oneself_are_accessible_and_fit_a_phone(
    chromium: Browser, site: str, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(site + path)
        page.get_by_role("heading", level=1).wait_for()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    context.close()
